//! Over a real handshake: a ledger that takes nothing in the moments when a run should end. The process ends all the same,
//! and what could not be written follows from the ttl.

use ledger::run::Life;
use rusqlite::Connection;

use super::real::{configured, ends_by_its_ttl, look, open, stop, until, with_open_run};
use crate::common::Bench;
use crate::process::plugin;

/// Does `statement` to the ledger past the software, and answers the connection it was done with.
fn done(bench: &Bench, statement: &str) -> Connection {
    let connection = Connection::open(bench.ledger()).expect("a connection");
    connection.execute_batch(statement).expect("a statement");
    connection
}

/// Nobody else writes until the answer is closed.
fn locked(bench: &Bench) -> Connection {
    done(bench, "BEGIN IMMEDIATE")
}

fn unlock(lock: Connection) {
    lock.close().expect("the lock is given back");
}

#[tokio::test]
async fn a_ledger_locked_at_the_shutdown_holds_up_no_end_and_the_runs_end_by_their_ttl() {
    let bench = Bench::new();
    let mut process = configured(&bench, plugin().env("TF_LOG_PROVIDER", "WARN")).await;
    let runs = [
        open(&mut process, "5s").await,
        open(&mut process, "6s").await,
        open(&mut process, "7s").await,
    ];
    stop(&mut process).await;
    let lock = locked(&bench);
    process.shutdown().await;
    let ended = process.ended().await;
    assert_eq!(ended.status.code(), Some(0));
    assert!(!ended.left_something);
    let said = ended.errors.contains("was cut off") || ended.errors.contains("ends by its ttl");
    assert!(said, "{}", ended.errors);
    unlock(lock);
    for run in &runs {
        assert!(look(&bench, run).await.0.interrupted_at.is_some());
        ends_by_its_ttl(&bench, run).await;
    }
}

#[tokio::test]
async fn a_ledger_that_lost_its_records_at_the_shutdown_holds_up_no_end() {
    let bench = Bench::new();
    let (mut process, opened) = with_open_run(&bench).await;
    stop(&mut process).await;
    drop(done(&bench, "ALTER TABLE records RENAME TO elsewhere"));
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    drop(done(&bench, "ALTER TABLE elsewhere RENAME TO records"));
    ends_by_its_ttl(&bench, &opened).await;
}

/// The answer to Terraform does not wait for ever, and neither is the interruption forgotten.
#[tokio::test]
async fn an_interruption_that_a_locked_ledger_did_not_take_is_recorded_later_for_every_run() {
    let bench = Bench::new();
    let mut process = configured(&bench, &mut plugin()).await;
    let runs = [
        open(&mut process, "5s").await,
        open(&mut process, "6s").await,
    ];
    let lock = locked(&bench);
    stop(&mut process).await;
    for run in &runs {
        assert_eq!(look(&bench, run).await.0.interrupted_at, None);
    }
    unlock(lock);
    for run in &runs {
        until(&bench, run, |run, _| run.interrupted_at.is_some()).await;
    }
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    for run in &runs {
        let (run, life) = look(&bench, run).await;
        assert!(matches!(life, Life::Closed { .. }), "{run:?}");
    }
}
