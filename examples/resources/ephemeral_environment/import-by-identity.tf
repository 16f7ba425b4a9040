import {
  to = ephemeral_environment.preview
  identity = {
    id = "env-0190163d8694739bac4a5eb0f4a0b2c1"
  }
}
