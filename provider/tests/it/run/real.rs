//! The real provider with runs open in it, and what the ledger has of them.

use std::time::Duration;

use ledger::book::{Book as _, Record};
use ledger::event::{EventKind, Subject};
use ledger::run::{Life, Run};
use provider::wire::proto::tfplugin6 as proto;
use serde_json::{Value as Json, json};
use tokio::process::Command;

use super::LEASE;
use crate::common::Bench;
use crate::driver::only_error;
use crate::driver::process::{PATIENCE, Process, plugin};
use crate::driver::values::{dv, jv, told};

/// How long to wait between two looks.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// The shortest ttl there is.
pub(super) const TTL: &str = "5s";

/// A run lease as a process opened it.
pub(super) struct Opened {
    /// The object.
    pub(super) result: Json,
    /// What travels to the renewals and the close.
    pub(super) private: Vec<u8>,
}

/// The real provider over the ledger of `bench`, started by `command` and configured with nothing.
pub(super) async fn configured(bench: &Bench, command: &mut Command) -> Process {
    bench.process(command).await.0
}

/// Opens a run lease in `process`.
pub(super) async fn open(process: &mut Process, ttl: &str) -> Opened {
    let config = json!({
        "environment": null, "ttl": ttl, "labels": null, "id": null, "token": null, "expires_at": null,
    });
    let opened = process
        .client
        .open_ephemeral_resource(proto::open_ephemeral_resource::Request {
            type_name: LEASE.to_owned(),
            config: Some(dv(&config)),
            client_capabilities: None,
        })
        .await;
    let opened = opened.expect("an answer").into_inner();
    assert_eq!(told(opened.diagnostics), []);
    Opened {
        result: opened.result.as_ref().map(jv).expect("an opened object"),
        private: opened.private.expect("private data"),
    }
}

/// The real provider with one run of the shortest ttl open, started by `command`.
pub(super) async fn started_with_a_run(bench: &Bench, command: &mut Command) -> (Process, Opened) {
    let mut process = configured(bench, command).await;
    let opened = open(&mut process, TTL).await;
    (process, opened)
}

/// The same, started as Terraform does.
pub(super) async fn with_open_run(bench: &Bench) -> (Process, Opened) {
    started_with_a_run(bench, &mut plugin()).await
}

/// Renews over the wire.
pub(super) async fn renew(process: &mut Process, opened: &mut Opened) {
    let renewed = process
        .client
        .renew_ephemeral_resource(proto::renew_ephemeral_resource::Request {
            type_name: LEASE.to_owned(),
            private: Some(opened.private.clone()),
        })
        .await;
    let renewed = renewed.expect("an answer").into_inner();
    assert_eq!(told(renewed.diagnostics), []);
    opened.private = renewed.private.expect("private data");
}

/// Closes over the wire.
pub(super) async fn close(process: &mut Process, opened: &Opened) {
    let closed = process
        .client
        .close_ephemeral_resource(proto::close_ephemeral_resource::Request {
            type_name: LEASE.to_owned(),
            private: Some(opened.private.clone()),
        })
        .await;
    let said = told(closed.expect("an answer").into_inner().diagnostics);
    assert_eq!(said, []);
}

/// What Terraform sends at Ctrl-C.
pub(super) async fn stop(process: &mut Process) {
    let stop = proto::stop_provider::Request {};
    let stopped = process.client.stop_provider(stop).await;
    assert_eq!(stopped.expect("an answer").into_inner().error, "");
}

fn subject(opened: &Opened) -> Subject {
    let id = opened.result["id"].as_str().expect("an id");
    Subject::parse(id).expect("the id of a run")
}

/// The run as recorded, and its life by the ledger's clock.
pub(super) async fn look(bench: &Bench, opened: &Opened) -> (Run, Life) {
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
pub(super) async fn events(bench: &Bench, opened: &Opened) -> Vec<EventKind> {
    let events = bench.book().await.events(Some(&subject(opened))).await;
    let events = events.expect("the ledger answers");
    events.iter().map(|event| event.event.kind).collect()
}

/// Looks until `done` says so.
pub(super) async fn until(
    bench: &Bench,
    opened: &Opened,
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
pub(super) async fn ends_by_its_ttl(bench: &Bench, opened: &Opened) {
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
pub(super) async fn token_is_refused(bench: &Bench, opened: &Opened) -> String {
    let token = json!({"run_token": opened.result["token"]});
    let said = bench.unconfigured(&[]).await.configure(token).await;
    only_error(&said).summary.clone()
}

/// Whether its token still opens something.
pub(super) async fn token_is_taken(bench: &Bench, opened: &Opened) -> bool {
    let token = json!({"run_token": opened.result["token"]});
    let said = bench.unconfigured(&[]).await.configure(token).await;
    said.iter().all(|said| !said.is_error)
}
