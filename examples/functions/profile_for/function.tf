terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

variable "changed_files" {
  description = "What `git diff --name-only origin/main...` prints, as a list."
  type        = list(string)
  default     = ["docs/start.md", "README.md"]
}

variable "labels" {
  description = "The labels of the pull request."
  type        = list(string)
  default     = []
}

locals {
  preview = provider::ephemeral::profile_for(var.changed_files, var.labels)
}

# "minimal", because every changed file is documentation.
output "profile" {
  value = local.preview.profile
}

# Your own rules, in the order of evaluation.
output "own_rules" {
  value = provider::ephemeral::profile_for(var.changed_files, var.labels, [
    { profile = "enhanced", any_files = ["db/migrations/**"] },
    { profile = "production-like", labels = ["release-candidate"], needs_approval = true },
    { profile = "minimal", only_files = ["docs/**", "web/**", "*.md"] },
  ])
}
