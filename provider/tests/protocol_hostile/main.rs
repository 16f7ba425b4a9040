//! The protocol against a hostile or merely unlucky client: damaged bytes, wrong types, huge states, a thousand calls at
//! once. No panic, no hang, and no state lost. In process; the real executable is in `protocol_handshake`.

#![expect(
    clippy::disallowed_methods,
    reason = "a test prepares and removes the files that are read"
)]

#[path = "../common/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
mod common;
#[path = "../driver/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
mod driver;
#[expect(unreachable_pub, reason = "shared with the fuzz target")]
mod everywhere;

mod crowd;
mod damage;
mod size;
mod types;

use serde_json::{Value as Json, json};

const ENVIRONMENT: &str = "ephemeral_environment";
const LEASE: &str = "ttl_lease";

/// A configuration of each resource in which everything that can be set is set.
fn whole(type_name: &str) -> Json {
    match type_name {
        ENVIRONMENT => json!({
            "name": "pr-128", "owner": "ana", "team": "checkout", "project": "shop",
            "lifetime": {"ttl": "24h", "max": "72h", "idle": "8h", "hibernate_after": "4h", "grace": "30m"},
            "tags": {"cost-centre": "4711", "stage": "preview"},
            "pull_request": {"forge": "github", "repository": "acme/shop", "number": 128},
            "triggers": {"commit": "abc"},
            "state": {"backend": "s3", "config": {"bucket": "states", "key": "shop"}, "workspace": "pr-128"},
            "on_expiry": "review",
        }),
        _ => json!({
            "ttl": "4h", "max_ttl": "12h", "holder": "ana", "targets": ["terraform_data.bastion"],
            "triggers": {"session": "first"},
        }),
    }
}
