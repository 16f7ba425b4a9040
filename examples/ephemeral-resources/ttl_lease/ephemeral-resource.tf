terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }

    # The same provider under its other name: the lease is opened by one, and its token given to the other.
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

# What depends on the environment keeps the lease open until it is done.
resource "terraform_data" "database" {
  input = ephemeral_environment.preview.id
}
