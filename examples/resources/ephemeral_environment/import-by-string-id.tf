import {
  to = ephemeral_environment.preview
  id = "pr-128"
}
