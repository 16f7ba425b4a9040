terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

variable "commit" {
  description = "The commit this environment runs."
  type        = string
}

resource "ephemeral_environment" "preview" {
  name  = "pr-128"
  owner = "ana"
  team  = "checkout"

  lifetime = {
    ttl   = "24h"
    max   = "7d"
    grace = "2h"
  }

  pull_request = {
    repository = "acme/shop"
    number     = 128
  }

  # A new commit renews the lifetime: the 24 hours count from its apply.
  triggers = {
    commit = var.commit
  }

  tags = {
    "cost-centre" = "4711"
  }
}

# Everything in this state ends with the environment. `default_tags` is known in the first plan, so you can also use it
# in the `default_tags` of another provider.
resource "terraform_data" "shop" {
  input = ephemeral_environment.preview.default_tags
}
