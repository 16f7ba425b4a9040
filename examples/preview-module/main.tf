# A module that gives every preview the same lifetime. Test it without a ledger: tests/preview.tftest.hcl replaces the
# providers with mocks. Run `terraform test` in this folder.

terraform {
  required_version = ">= 1.8.0"

  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }

    ttl = {
      source = "ephemeral-environments/ttl"
    }
  }
}

variable "number" {
  description = "The number of the pull request."
  type        = number
}

variable "owner" {
  description = "Who answers for the preview, a person or a bot."
  type        = string
}

variable "debug" {
  description = "Whether the preview begins with a debug port, for an hour."
  type        = bool
  default     = false
}

resource "ephemeral_environment" "preview" {
  name  = "pr-${var.number}"
  owner = provider::ephemeral::slug(lower(var.owner)) # a valid tag, also for `dependabot[bot]`

  lifetime = {
    ttl   = "72h"
    max   = "14d"
    grace = "1h"
  }
}

resource "ttl_lease" "debug" {
  count = var.debug ? 1 : 0

  environment = ephemeral_environment.preview.name
  ttl         = "1h"
  targets     = ["terraform_data.debug_port"]
}

resource "terraform_data" "debug_port" {
  count = one(ttl_lease.debug[*].active) == true ? 1 : 0

  input = 9229
}

output "tags" {
  description = "What everything in the preview should carry."
  value       = ephemeral_environment.preview.default_tags
}

output "debug_ports" {
  description = "The debug ports that are open."
  value       = terraform_data.debug_port[*].output
}
