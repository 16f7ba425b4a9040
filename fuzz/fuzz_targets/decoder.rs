//! Bytes from nobody knows where, sent to every call of a configured provider as every part of a request that bytes can
//! be. What may come out is an answer that a client can use; a failed call, a hang, a panic that only the wire caught, or
//! harm to a record that no message is about, ends the run.
//!
//! The same entry is run for a bounded number of cases by `provider/tests/it/hostile`, which holds `seeds/` to the schemas.

#![no_main]

use std::sync::{Mutex, OnceLock, PoisonError};

use libfuzzer_sys::fuzz_target;
use plugin::Server;
use provider::Ephemeral;
use provider::invocation::Invocation;
use tokio::runtime::Runtime;

#[expect(
    dead_code,
    unused_imports,
    reason = "shared with the tests, which use the rest"
)]
#[path = "../../crates/plugin/tests/it/everywhere/mod.rs"]
mod everywhere;

/// What messages may be about, one of each type.
const COMPANIONS: [(&str, &str); 2] = [
    (
        "ephemeral_environment",
        include_str!("../seeds/decoder/environment.json"),
    ),
    ("ttl_lease", include_str!("../seeds/decoder/lease.json")),
];

/// What no message is about.
const KEEPERS: [(&str, &str); 2] = [
    (
        "ephemeral_environment",
        r#"{"name": "kept-4c1f9d7e", "owner": "nobody"}"#,
    ),
    ("ttl_lease", r#"{"ttl": "30d"}"#),
];

struct Victim {
    runtime: Runtime,
    server: Server<Ephemeral>,
    everything: Mutex<everywhere::Everything>,
}

fn victim() -> &'static Victim {
    static VICTIM: OnceLock<Victim> = OnceLock::new();
    VICTIM.get_or_init(|| {
        let root = tempfile::tempdir().expect("a directory of the target's own");
        let ledger = format!("sqlite://{}", root.path().join("ledger.db").display());
        let invocation = Invocation {
            variables: [("EPHEMERAL_LEDGER".to_owned(), ledger)].into(),
            root: root.keep(),
            ..Invocation::default()
        };
        let runtime = Runtime::new().expect("a runtime");
        let server = Server::new(Ephemeral::within(invocation));
        let made = everywhere::Everything::of(&server, "{}", &COMPANIONS, &KEEPERS);
        let everything = Mutex::new(runtime.block_on(made));
        Victim {
            runtime,
            server,
            everything,
        }
    })
}

fuzz_target!(|bytes: &[u8]| {
    let victim = victim();
    let everything = victim.everything.lock();
    let mut everything = everything.unwrap_or_else(PoisonError::into_inner);
    let asked = everywhere::send(&victim.server, &mut everything, bytes);
    let complaints = victim.runtime.block_on(asked);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
});
