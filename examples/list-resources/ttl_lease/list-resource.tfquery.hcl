# terraform query
list "ttl_lease" "lapsed" {
  provider = ttl

  config {
    active = false
  }
}
