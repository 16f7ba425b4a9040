//! `ephemeral "ttl_lease"` over the protocol, in process and over a real handshake: what Terraform cannot easily be made to
//! send, and what the ledger has between its calls. Real terraform is in the acceptance tests.

mod life;
mod process;
mod real;
mod refusals;
mod signals;
mod stuck_ledger;
mod token;
mod write_only;

use ledger::book::Record;
use ledger::event::EventKind;
use ledger::run::Run;

use crate::common::Bench;
use crate::driver::Stored;
use crate::driver::ephemeral::Open;

/// The type under test.
const LEASE: &str = "ttl_lease";

/// The opened object as something that has a record.
fn stored(open: &Open) -> Stored {
    Stored {
        state: open.result.clone(),
        ..Stored::nothing()
    }
}

/// What the ledger has of an opened run.
async fn record(bench: &Bench, open: &Open) -> Run {
    match bench.record(&stored(open)).await.record {
        Record::Run(run) => run,
        other => panic!("a run was expected, found {other:?}"),
    }
}

async fn events(bench: &Bench, open: &Open) -> Vec<EventKind> {
    bench.events(&stored(open)).await
}

/// Changes the record as another process would.
async fn change(bench: &Bench, open: &Open, change: impl FnOnce(&mut Run)) {
    let change = |record: &mut Record| match record {
        Record::Run(run) => change(run),
        other => panic!("a run was expected, found {other:?}"),
    };
    bench.change(&stored(open), change).await;
}

async fn now(bench: &Bench) -> ledger::clock::Timestamp {
    let reading = bench.book().await.reading().await;
    reading.expect("the ledger answers").now
}

fn token(open: &Open) -> String {
    let token = open.result["token"].as_str();
    token.expect("a token").to_owned()
}
