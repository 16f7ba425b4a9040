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

# A part of the preview in another state: it exists only while the preview is running.
resource "terraform_data" "worker" {
  count = data.ephemeral_environment.preview.running ? 1 : 0
}
