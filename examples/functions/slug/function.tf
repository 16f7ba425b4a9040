terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

variable "branch" {
  description = "The branch of the preview."
  type        = string
  default     = "feature/Checkout-in-one-step"
}

# "feature-checkout-in-one-step-" and eight characters that no other branch has. A branch that is a name already, such
# as "pr-128", stays as it is.
output "name" {
  value = provider::ephemeral::slug(var.branch)
}

# With room for what is put before it: a bucket's name has 63 characters at most.
output "bucket" {
  value = "acme-previews-${provider::ephemeral::slug(var.branch, 40)}"
}
