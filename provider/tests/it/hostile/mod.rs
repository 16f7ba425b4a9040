//! The protocol against a hostile or merely unlucky client: damaged bytes, wrong types, huge states, a thousand calls at
//! once. No panic, no hang, and no state lost. In process, and where the way there matters, over the socket of the real
//! executable.

#[expect(unreachable_pub, reason = "shared with the fuzz target")]
pub(crate) mod everywhere;

mod crowd;
mod damage;
mod size;
mod types;

use crate::environment::{self, ENVIRONMENT};
use crate::lease::{self, LEASE};

/// A configuration of each resource in which everything that can be set is set.
fn whole(type_name: &str) -> serde_json::Value {
    match type_name {
        ENVIRONMENT => environment::whole(),
        _ => lease::whole(),
    }
}
