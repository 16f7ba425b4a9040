terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

# The team's environments that have expired or whose teardown failed.
data "ephemeral_environments" "late" {
  team   = "checkout"
  phases = ["expiring", "expired", "stuck"]
}

output "late" {
  value = {
    for environment in data.ephemeral_environments.late.environments :
    environment.name => coalesce(try(environment.stuck.remedy, null), environment.due_at)
  }
}

# Every preview of a repository.
data "ephemeral_environments" "previews" {
  pull_request = {
    repository = "acme/shop"
  }
}

output "previews" {
  value = data.ephemeral_environments.previews.names
}
