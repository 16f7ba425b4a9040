action "ephemeral_environment_hold" "audit" {
  config {
    environment = "pr-128"
    until       = "2026-03-01T18:00:00Z"
    reason      = "the auditors look at it, ticket OPS-13"
  }
}

# terraform apply -invoke=action.ephemeral_environment_hold.audit
