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

# Later maps override earlier ones: the team is "checkout". A tag that AWS would refuse is an error here, before
# Terraform creates anything.
output "aws" {
  value = provider::ephemeral::tags("aws", local.company, {
    team        = "checkout"
    "url:owner" = "https://example.com/ana"
  })
}

# A key that is not a valid label on Google Cloud is an error at its argument.
output "gcp" {
  value = provider::ephemeral::tags("gcp", local.company, null)
}
