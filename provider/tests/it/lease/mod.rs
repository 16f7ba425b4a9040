//! `ttl_lease` over the protocol, in process: what Terraform cannot easily be made to send, and what happens in the
//! ledger between its calls. The same resource under real terraform is in the acceptance tests.

mod life;
mod refusals;

/// The type under test.
pub(crate) const LEASE: &str = "ttl_lease";

/// A configuration in which everything that can be set is set.
pub(crate) fn whole() -> serde_json::Value {
    serde_json::json!({
        "environment": "pr-128", "ttl": "4h", "max_ttl": "12h", "holder": "ana",
        "targets": ["aws_instance.bastion", "vpn"], "triggers": {"session": "first"},
    })
}
