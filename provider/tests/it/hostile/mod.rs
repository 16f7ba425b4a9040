//! The protocol against a hostile or merely unlucky client: damaged bytes, wrong types, huge states, a thousand calls at
//! once. No panic, no hang, and no state lost. In process; the real executable is in `handshake`.

#[expect(unreachable_pub, reason = "shared with the fuzz target")]
mod everywhere;

mod crowd;
mod damage;
mod size;
mod types;

use serde_json::{Value as Json, json};

use crate::environment::{self, ENVIRONMENT};

const LEASE: &str = "ttl_lease";

/// A configuration of each resource in which everything that can be set is set.
fn whole(type_name: &str) -> Json {
    match type_name {
        ENVIRONMENT => environment::whole(),
        _ => json!({
            "ttl": "4h", "max_ttl": "12h", "holder": "ana", "targets": ["terraform_data.bastion"],
            "triggers": {"session": "first"},
        }),
    }
}
