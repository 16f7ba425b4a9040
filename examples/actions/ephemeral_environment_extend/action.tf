action "ephemeral_environment_extend" "demo" {
  config {
    environment = "pr-128"
    by          = "4h"
    reason      = "demo for the board, ticket OPS-12"
  }
}

# terraform apply -invoke=action.ephemeral_environment_extend.demo
