terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

# The time of the commit, as `git log -1 --format=%cI` prints it, is the same in every plan.
variable "committed_at" {
  description = "When the commit was made, RFC 3339."
  type        = string
  default     = "2026-02-12T08:36:13+02:00"
}

# "2026-02-15T06:36:13Z"
output "link_is_valid_until" {
  value = provider::ephemeral::expires_at(var.committed_at, "72h")
}
