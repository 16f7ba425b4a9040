//! Bytes from nobody knows where, sent to every call of the provider that takes a value. What may come out is an answer;
//! a failed call, or a panic that only the wire caught, ends the run.
//!
//! The same entry is run for a bounded number of cases by `provider/tests/it/hostile`.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use provider::Ephemeral;
use provider::surroundings::Surroundings;
use provider::wire::Server;
use tokio::runtime::Runtime;

#[path = "../../provider/tests/it/hostile/everywhere.rs"]
mod everywhere;

struct Victim {
    runtime: Runtime,
    server: Server<Ephemeral>,
    everything: everywhere::Everything,
}

fn victim() -> &'static Victim {
    static VICTIM: OnceLock<Victim> = OnceLock::new();
    VICTIM.get_or_init(|| {
        let root = tempfile::tempdir().expect("a directory of the target's own");
        let ledger = format!("sqlite://{}", root.path().join("ledger.db").display());
        let around = Surroundings {
            variables: [("EPHEMERAL_LEDGER".to_owned(), ledger)].into(),
            root: root.keep(),
            ..Surroundings::default()
        };
        let runtime = Runtime::new().expect("a runtime");
        let server = Server::new(Ephemeral::within(around));
        let everything = runtime.block_on(everywhere::Everything::of(&server));
        Victim {
            runtime,
            server,
            everything,
        }
    })
}

fuzz_target!(|bytes: &[u8]| {
    let victim = victim();
    let asked = everywhere::send(&victim.server, &victim.everything, bytes);
    let complaints = victim.runtime.block_on(asked);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
});
