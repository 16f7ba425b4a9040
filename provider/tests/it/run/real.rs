//! The real provider with runs open in it, and what the ledger has of them.

use std::time::Duration;

use ledger::book::Record;
use ledger::event::{EventKind, Subject};
use ledger::run::{Life, Run};
use plugin::proto::tfplugin6 as proto;
use serde_json::json;
use tokio::process::Command;

use super::LEASE;
use crate::common::Bench;
use crate::driver::ephemeral::Open;
use crate::driver::{Driver, only_error};
use crate::process::wire::Wire;
use crate::process::{PATIENCE, Process, plugin};

/// How long to wait between two looks.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// The shortest ttl there is.
pub(super) const TTL: &str = "5s";

/// The real provider over the ledger of `bench`, started by `command` and configured with nothing.
pub(super) async fn configured(bench: &Bench, command: &mut Command) -> Process {
    bench.process(command).await.0
}

/// What drives a process, for one call.
async fn driver(process: &Process) -> Driver<Wire> {
    Driver::of(process.wire()).await
}

/// Opens a run lease in `process`.
pub(super) async fn open(process: &mut Process, ttl: &str) -> Open {
    let opened = driver(process).await.open(LEASE, json!({"ttl": ttl})).await;
    assert_eq!(opened.told, []);
    opened
}

/// The real provider with one run of the shortest ttl open, started by `command`.
pub(super) async fn started_with_a_run(bench: &Bench, command: &mut Command) -> (Process, Open) {
    let mut process = configured(bench, command).await;
    let opened = open(&mut process, TTL).await;
    (process, opened)
}

/// The same, started as Terraform does.
pub(super) async fn with_open_run(bench: &Bench) -> (Process, Open) {
    started_with_a_run(bench, &mut plugin()).await
}

/// Renews over the wire.
pub(super) async fn renew(process: &mut Process, opened: &mut Open) {
    let renewed = driver(process).await.renew(LEASE, opened).await;
    assert_eq!(renewed.told, []);
    opened.private = renewed.private;
}

/// Closes over the wire.
pub(super) async fn close(process: &mut Process, opened: &Open) {
    let said = driver(process).await.close(LEASE, opened).await;
    assert_eq!(said, []);
}

/// What Terraform sends at Ctrl-C.
pub(super) async fn stop(process: &mut Process) {
    let stop = proto::stop_provider::Request {};
    let stopped = process.client.stop_provider(stop).await;
    assert_eq!(stopped.expect("an answer").into_inner().error, "");
}

fn subject(opened: &Open) -> Subject {
    let id = opened.result["id"].as_str().expect("an id");
    Subject::parse(id).expect("the id of a run")
}

/// The run as recorded, and its life by the ledger's clock.
pub(super) async fn look(bench: &Bench, opened: &Open) -> (Run, Life) {
    let book = bench.book().await;
    let stored = book.get(&subject(opened)).await;
    let stored = stored.expect("the ledger answers").expect("a record");
    let now = book.reading().await.expect("the ledger answers").now;
    match stored.record {
        Record::Run(run) => {
            let life = run.life(now);
            (run, life)
        }
        other => panic!("a run was expected, found {other:?}"),
    }
}

/// The kinds of everything that was written about it.
pub(super) async fn events(bench: &Bench, opened: &Open) -> Vec<EventKind> {
    let events = bench.book().await.events(Some(&subject(opened))).await;
    let events = events.expect("the ledger answers");
    events
        .iter()
        .map(|event| event.event.kind.clone())
        .collect()
}

/// Looks until `done` says so.
pub(super) async fn until(
    bench: &Bench,
    opened: &Open,
    mut done: impl FnMut(&Run, Life) -> bool,
) -> Run {
    let looks = async {
        loop {
            let (run, life) = look(bench, opened).await;
            if done(&run, life) {
                return run;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, looks).await;
    found.expect("it happens in time")
}

/// Its process is gone: nobody closed it, nobody renews it, and it is dead when its ttl is over, not before.
pub(super) async fn ends_by_its_ttl(bench: &Bench, opened: &Open) {
    let (before, _) = look(bench, opened).await;
    until(bench, opened, |run, life| {
        assert_eq!(run.renewed_at, before.renewed_at, "nobody renews it");
        assert_eq!(run.end, None, "nobody closed it");
        match life {
            Life::Alive { until } => assert_eq!(until, run.alive_until()),
            Life::Dead { since } => assert_eq!(since, run.alive_until()),
            Life::Closed { .. } => panic!("nobody closed it: {run:?}"),
        }
        matches!(life, Life::Dead { .. })
    })
    .await;
    assert_eq!(token_is_refused(bench, opened).await, "Run Is Over");
}

/// What another provider says of its token.
pub(super) async fn token_is_refused(bench: &Bench, opened: &Open) -> String {
    let token = json!({"run_token": opened.result["token"]});
    let said = bench.unconfigured(&[]).await.configure(token).await;
    only_error(&said).summary.clone()
}

/// Whether its token still opens something.
pub(super) async fn token_is_taken(bench: &Bench, opened: &Open) -> bool {
    let token = json!({"run_token": opened.result["token"]});
    let said = bench.unconfigured(&[]).await.configure(token).await;
    said.iter().all(|said| !said.is_error)
}
