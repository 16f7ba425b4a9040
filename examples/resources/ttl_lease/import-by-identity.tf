import {
  to = ttl_lease.bastion
  identity = {
    id = "lease-0190163d8694739bac4a5eb0f4a0b2c1"
  }
}
