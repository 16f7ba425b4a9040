terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
    ttl       = { source = "ephemeral-environments/ttl" }
  }
}

# Both blocks may stay empty: each setting can come from the environment, EPHEMERAL_LEDGER among them.
provider "ephemeral" {}
provider "ttl" {}
