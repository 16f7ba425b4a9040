//! `ttl_lease` over the protocol, in process: what Terraform cannot easily be made to send, and what happens in the
//! ledger between its calls. The same resource under real terraform is in the acceptance tests.

mod life;
mod refusals;

/// The type under test.
const LEASE: &str = "ttl_lease";
