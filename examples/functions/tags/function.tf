terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

locals {
  company = {
    cost-centre = "4711"
    team        = "platform"
  }
}

# Later maps win: the team is "checkout". A tag that AWS would refuse is refused here, before anything is created.
output "aws" {
  value = provider::ephemeral::tags("aws", local.company, {
    team        = "checkout"
    "url:owner" = "https://example.com/ana"
  })
}

# The same maps with a key that is no label of Google Cloud would be an error at the argument it stands in.
output "gcp" {
  value = provider::ephemeral::tags("gcp", local.company, null)
}
