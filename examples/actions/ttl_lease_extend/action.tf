action "ttl_lease_extend" "longer" {
  config {
    lease  = "lease-0190163d8694739bac4a5eb0f4a0b2c1"
    by     = "2h"
    reason = "the migration takes longer, ticket OPS-14"
  }
}

# terraform apply -invoke=action.ttl_lease_extend.longer
