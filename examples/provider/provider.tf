terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }

    # The same provider under the name that the prefix of `ttl_lease` requires.
    ttl = {
      source = "ephemeral-environments/ttl"
    }
  }
}

# Both blocks can be empty: every setting can come from an environment variable instead, such as EPHEMERAL_LEDGER.
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
