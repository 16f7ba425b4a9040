//! Over a real handshake: what becomes of a run when its provider is interrupted, says goodbye, or is killed.

use std::time::Duration;

use ledger::book::{Book as _, Record};
use ledger::event::Subject;
use ledger::run::{Life, Run};
use provider::wire::proto::tfplugin6 as proto;
use serde_json::{Value as Json, json};

use super::LEASE;
use crate::common::Bench;
use crate::driver::only_error;
use crate::driver::process::{PATIENCE, Process, plugin};
use crate::driver::values::{dv, jv, told};

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// The real provider over the ledger of `bench`, with one run open. Answers the opened object and the private data.
async fn with_open_run(bench: &Bench) -> (Process, Json, Vec<u8>) {
    let ledger = format!("sqlite://{}", bench.ledger().display());
    let mut command = plugin();
    command
        .env("EPHEMERAL_LEDGER", ledger)
        .current_dir(bench.root());
    let mut process = Process::start(&mut command).await;
    let nothing = [
        "ledger",
        "run_token",
        "default_owner",
        "default_team",
        "default_project",
        "required_tags",
        "tag_prefix",
        "tag_rules",
        "default_lifetime",
        "max_lifetime",
    ];
    let schema = process
        .client
        .get_provider_schema(proto::get_provider_schema::Request {})
        .await;
    let block = schema.expect("an answer").into_inner().provider;
    let block = block.and_then(|schema| schema.block).expect("a block");
    let config: serde_json::Map<String, Json> = block
        .attributes
        .iter()
        .map(|attribute| (attribute.name.clone(), Json::Null))
        .collect();
    assert!(nothing.iter().all(|name| config.contains_key(*name)));
    let configured = process
        .client
        .configure_provider(proto::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: Some(dv(&Json::Object(config))),
            client_capabilities: None,
        })
        .await;
    let said = told(configured.expect("an answer").into_inner().diagnostics);
    assert!(said.iter().all(|said| !said.is_error), "{said:?}");
    let config = json!({
        "environment": null, "ttl": "5s", "labels": null, "id": null, "token": null, "expires_at": null,
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
    let result = opened.result.as_ref().map(jv).expect("an opened object");
    (process, result, opened.private.expect("private data"))
}

/// The run as recorded, and the ledger's clock after it was read.
async fn look(bench: &Bench, opened: &Json) -> (Run, ledger::clock::Timestamp) {
    let book = bench.book().await;
    let id = opened["id"].as_str().expect("an id");
    let subject = Subject::parse(id).expect("the id of a run");
    let stored = book.get(&subject).await.expect("the ledger answers");
    let now = book.reading().await.expect("the ledger answers").now;
    match stored.expect("a record").record {
        Record::Run(run) => (run, now),
        other => panic!("a run was expected, found {other:?}"),
    }
}

/// Looks until `done` says so.
async fn until(bench: &Bench, opened: &Json, mut done: impl FnMut(&Run, Life) -> bool) -> Run {
    let looks = async {
        loop {
            let (run, now) = look(bench, opened).await;
            let life = run.life(now);
            if done(&run, life) {
                return run;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, looks).await;
    found.expect("it happens in time")
}

#[tokio::test]
async fn after_kill_9_the_run_is_dead_when_its_ttl_is_over_and_not_before() {
    let bench = Bench::new();
    let (process, opened, _) = with_open_run(&bench).await;
    let killed = std::process::Command::new("kill")
        .args(["-9", &process.id().to_string()])
        .status();
    assert!(killed.expect("kill runs").success());
    process.ended().await;
    let (before, _) = look(&bench, &opened).await;
    let dead = until(&bench, &opened, |run, life| {
        assert_eq!(run.renewed_at, before.renewed_at, "nobody renews it");
        assert_eq!(run.end, None, "nobody closed it");
        matches!(life, Life::Dead { since } if since == run.alive_until())
    })
    .await;
    let token = json!({"run_token": opened["token"]});
    let said = bench.unconfigured(&[]).await.configure(token).await;
    assert_eq!(only_error(&said).summary, "Run Is Over");
    assert_eq!(dead.alive_until(), before.renewed_at + dead.ttl.delta());
}

#[tokio::test]
async fn after_ctrl_c_the_token_is_dead_and_the_run_alive_until_the_goodbye() {
    let bench = Bench::new();
    let (mut process, opened, _) = with_open_run(&bench).await;
    let stop = proto::stop_provider::Request {};
    let stopped = process.client.stop_provider(stop).await;
    assert_eq!(stopped.expect("an answer").into_inner().error, "");
    let token = json!({"run_token": opened["token"]});
    let said = bench.unconfigured(&[]).await.configure(token).await;
    let error = only_error(&said);
    assert_eq!(error.summary, "Run Is Over");
    assert!(error.detail.contains("is interrupted since"), "{error:?}");

    // Nobody renews it over the wire, and it outlives its first ttl while the process does.
    let (first, _) = look(&bench, &opened).await;
    until(&bench, &opened, |run, life| {
        assert!(matches!(life, Life::Alive { .. }), "{run:?}");
        first.alive_until() < run.renewed_at
    })
    .await;
    process.shutdown().await;
    let (run, now) = look(&bench, &opened).await;
    assert!(matches!(run.life(now), Life::Closed { .. }), "{run:?}");
    assert_eq!(process.ended().await.status.code(), Some(0));
}

#[tokio::test]
async fn a_goodbye_without_a_close_leaves_the_run_to_its_ttl() {
    let bench = Bench::new();
    let (mut process, opened, _) = with_open_run(&bench).await;
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    let (run, _) = look(&bench, &opened).await;
    assert_eq!((run.end, run.interrupted_at), (None, None));
}

#[tokio::test]
async fn a_renewal_over_the_wire_is_a_sign_of_life_and_a_close_the_end() {
    let bench = Bench::new();
    let (mut process, opened, private) = with_open_run(&bench).await;
    let (first, _) = look(&bench, &opened).await;
    let mut last = private.clone();
    let renewals = async {
        while look(&bench, &opened).await.0.renewed_at <= first.renewed_at {
            let renewed = process
                .client
                .renew_ephemeral_resource(proto::renew_ephemeral_resource::Request {
                    type_name: LEASE.to_owned(),
                    private: Some(last.clone()),
                })
                .await;
            let renewed = renewed.expect("an answer").into_inner();
            assert_eq!(told(renewed.diagnostics), []);
            last = renewed.private.expect("private data");
            tokio::time::sleep(PAUSE).await;
        }
    };
    let renewed = tokio::time::timeout(PATIENCE, renewals).await;
    renewed.expect("the ledger's clock goes on");
    // As Terraform does: with what the opening gave.
    let closed = process
        .client
        .close_ephemeral_resource(proto::close_ephemeral_resource::Request {
            type_name: LEASE.to_owned(),
            private: Some(private),
        })
        .await;
    assert_eq!(
        told(closed.expect("an answer").into_inner().diagnostics),
        []
    );
    let (run, now) = look(&bench, &opened).await;
    assert!(matches!(run.life(now), Life::Closed { .. }), "{run:?}");
}
