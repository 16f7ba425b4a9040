terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

locals {
  nightly = provider::ephemeral::duration("PT10H30M")
}

output "seconds" {
  value = local.nightly.seconds
}

# "10h30m"
output "spelled" {
  value = local.nightly.canonical
}

# Validate the variable, so that Terraform reports an error at the variable and not at the resource.
variable "ttl" {
  description = "How long a preview may live."
  type        = string
  default     = "3d"

  validation {
    condition     = provider::ephemeral::duration(var.ttl).seconds <= 7 * 24 * 3600
    error_message = "A preview lives for a week at most."
  }
}
