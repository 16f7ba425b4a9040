terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }

    # The same provider under the name that `ttl_lease` asks for.
    ttl = {
      source = "ephemeral-environments/ttl"
    }
  }
}

# Both blocks may stay empty: every setting can come from the environment instead, EPHEMERAL_LEDGER among them.
provider "ephemeral" {
  ledger        = "sqlite:///srv/ephemeral/ledger.sqlite3"
  default_owner = "platform"
  required_tags = ["cost-centre"]

  default_lifetime = {
    ttl = "24h"
  }

  max_lifetime = {
    ttl = "72h"
    max = "14d"
  }
}

provider "ttl" {
  ledger = "sqlite:///srv/ephemeral/ledger.sqlite3"
}
