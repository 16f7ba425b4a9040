//! `ephemeral_environment` over the protocol, in process: what Terraform cannot easily be made to send, and what
//! happens in the ledger between its calls. The same resource under real terraform is in the acceptance tests.

mod actions;
mod changes;
mod creation;
mod deletion;
mod examples;
mod identity;
mod lists;
mod refusals;
mod resistance;
mod settings;
mod unknowns;

/// The type under test.
pub(crate) const ENVIRONMENT: &str = "ephemeral_environment";

/// A configuration in which everything that can be set is set.
pub(crate) fn whole() -> serde_json::Value {
    serde_json::json!({
        "name": "pr-128", "owner": "ana", "team": "checkout", "project": "shop",
        "lifetime": {"ttl": "24h", "max": "72h", "idle": "8h", "hibernate_after": "4h", "grace": "30m"},
        "tags": {"cost-centre": "4711", "stage": "preview"},
        "pull_request": {"forge": "github", "repository": "acme/shop", "number": 128},
        "triggers": {"commit": "abc"},
        "state": {"backend": "s3", "config": {"bucket": "states", "key": "shop"}, "workspace": "pr-128"},
        "on_expiry": "review",
    })
}
