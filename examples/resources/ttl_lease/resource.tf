terraform {
  required_providers {
    ttl = {
      source = "ephemeral-environments/ttl"
    }
  }
}

variable "session" {
  description = "Any new value renews the lease."
  type        = string
  default     = "first"
}

resource "ttl_lease" "bastion" {
  ttl     = "4h"
  max_ttl = "12h"
  holder  = "ana"
  targets = ["terraform_data.bastion"]

  triggers = {
    session = var.session
  }
}

# Once the lease has lapsed, the next plan does not contain the bastion.
resource "terraform_data" "bastion" {
  count = ttl_lease.bastion.active ? 1 : 0

  input = "bastion until ${ttl_lease.bastion.expires_at}"
}
