terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }

    # The same provider under its second name: this one opens the lease, and the other one receives its token.
    ttl = {
      source = "ephemeral-environments/ttl"
    }
  }
}

ephemeral "ttl_lease" "run" {
  ttl = "2m"
}

provider "ephemeral" {
  default_owner = "ana"
  run_token     = ephemeral.ttl_lease.run.token
}

resource "ephemeral_environment" "preview" {
  name = "pr-128"
}

# A resource that depends on the environment keeps the lease open until it is complete.
resource "terraform_data" "database" {
  input = ephemeral_environment.preview.id
}
