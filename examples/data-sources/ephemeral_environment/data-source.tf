terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

# An environment that another configuration declares, in the same ledger.
data "ephemeral_environment" "preview" {
  name = "pr-128"
}

output "expires_at" {
  value = data.ephemeral_environment.preview.expires_at
}

# A part of a preview that lives in another state sleeps with it.
resource "terraform_data" "worker" {
  count = data.ephemeral_environment.preview.running ? 1 : 0
}
