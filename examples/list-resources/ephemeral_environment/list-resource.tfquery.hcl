# terraform query
list "ephemeral_environment" "previews" {
  provider = ephemeral

  config {
    team        = "checkout"
    phase       = "expiring"
    name_prefix = "pr-"
  }
}
