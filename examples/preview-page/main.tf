# A preview environment for the browser: a web page on the loopback interface, and its files.
#
# When its lifetime ends, the sweeper destroys this whole state. The page has a destroy-time provisioner, which only the
# configuration contains, so the sweeper replays the copy of the configuration that the provider stored at the apply.

terraform {
  required_version = ">= 1.8.0"

  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

provider "ephemeral" {
  required_tags = ["cost-centre"]

  max_lifetime = {
    ttl = "24h"
  }
}

variable "name" {
  description = "The name of the environment."
  type        = string
  default     = "pr-128"
}

variable "ttl" {
  description = "How long it lives."
  type        = string
  default     = "2h"
}

variable "grace" {
  description = "How long it is kept after that."
  type        = string
  default     = "5m"
}

variable "cost_centre" {
  description = "Who pays. The provider block requires this tag, so an empty text is refused at plan time."
  type        = string
  default     = "4711"
}

variable "folder" {
  description = "Where the page's files go, an absolute path."
  type        = string
  default     = "/tmp/ephemeral-preview-page"
}

variable "port" {
  description = "The loopback port the page is served on."
  type        = number
  default     = 8128
}

resource "ephemeral_environment" "preview" {
  name  = var.name
  owner = "ana"
  team  = "checkout"

  lifetime = {
    ttl   = var.ttl
    grace = var.grace
  }

  tags = var.cost_centre == "" ? {} : {
    "cost-centre" = var.cost_centre
  }
}

resource "terraform_data" "page" {
  input = {
    folder = var.folder
    port   = var.port
    tags   = ephemeral_environment.preview.default_tags
  }

  provisioner "local-exec" {
    command = <<-EOT
      set -eu
      mkdir -p "$FOLDER"
      printf '<h1>Preview of %s</h1>\n<pre>%s</pre>\n' "$NAME" "$TAGS" >"$FOLDER/index.html"
      nohup python3 -m http.server "$PORT" --bind 127.0.0.1 --directory "$FOLDER" >/dev/null 2>&1 </dev/null &
      echo $! >"$FOLDER/.server.pid"
    EOT

    environment = {
      FOLDER = self.input.folder
      PORT   = self.input.port
      NAME   = self.input.tags["ephemeral-environment"]
      TAGS   = jsonencode(self.input.tags)
    }
  }

  provisioner "local-exec" {
    when    = destroy
    command = <<-EOT
      set -u
      kill "$(cat "$FOLDER/.server.pid")" 2>/dev/null
      rm -rf -- "$FOLDER"
    EOT

    environment = {
      FOLDER = self.input.folder
    }
  }
}

output "url" {
  description = "Where the page is."
  value       = "http://127.0.0.1:${var.port}/"
}

output "expires_at" {
  description = "When the environment expires."
  value       = ephemeral_environment.preview.expires_at
}
