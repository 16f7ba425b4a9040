# Import by id, as `sweeper list --leases` shows it.
terraform import ttl_lease.bastion lease-0190163d8694739bac4a5eb0f4a0b2c1
