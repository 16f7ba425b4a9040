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

# "feature-checkout-in-one-step-" and eight characters that are unique to the branch. A valid name, such as "pr-128",
# does not change.
output "name" {
  value = provider::ephemeral::slug(var.branch)
}

# The second argument is the maximum length. It leaves room for the prefix: a bucket name has at most 63 characters.
output "bucket" {
  value = "acme-previews-${provider::ephemeral::slug(var.branch, 40)}"
}
