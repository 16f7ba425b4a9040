terraform {
  required_providers {
    ephemeral = {
      source = "ephemeral-environments/ephemeral"
    }
  }
}

# The lease of a bastion host that another configuration holds for a preview.
data "ephemeral_lease" "bastion" {
  environment = "pr-128"
  target      = "aws_instance.bastion"
}

# The firewall rule exists while the lease is active.
resource "terraform_data" "rule" {
  count = data.ephemeral_lease.bastion.active ? 1 : 0

  input = "ssh for ${data.ephemeral_lease.bastion.holder}"
}
