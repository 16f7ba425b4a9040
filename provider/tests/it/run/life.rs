//! A run lease from its opening over its renewals to its close.

use chrono::TimeDelta;
use ledger::clock::{Clock as _, SystemClock, rfc3339};
use ledger::event::EventKind;
use ledger::id::Fence;
use ledger::run::{Life, RunEnd, RunToken};
use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Value as Json, json};
use tonic::Request;

use super::{LEASE, change, events, now, record, token};
use crate::common::{Bench, Provider};
use crate::driver::assert_no_errors;
use crate::driver::ephemeral::Open;

async fn opened(provider: &Provider, config: Json) -> Open {
    let open = provider.open(LEASE, config).await;
    assert_no_errors(&open.told);
    open
}

async fn interrupt(provider: &Provider) {
    let stop = Request::new(proto::stop_provider::Request {});
    let answer = provider.server.stop_provider(stop).await;
    assert_eq!(answer.expect("an answer").into_inner().error, "");
}

#[tokio::test]
async fn opening_records_who_what_where_and_gives_a_token_that_only_its_hash_is_kept_of() {
    let bench = Bench::new();
    let job = [
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "acme/shop"),
        ("GITHUB_RUN_ID", "42"),
        ("HOSTNAME", "runner-1"),
    ];
    let provider = bench.provider_with(&job, json!({})).await;
    let config = json!({"environment": "pr-128", "ttl": "90s", "labels": {"step": "deploy"}});
    let before = SystemClock.now();
    let open = opened(&provider, config).await;
    let run = record(&bench, &open).await;
    assert_eq!(run.environment.as_deref(), Some("pr-128"));
    assert_eq!(run.labels["step"], "deploy");
    assert_eq!(run.host, "runner-1");
    let job = "https://github.com/acme/shop/actions/runs/42";
    assert_eq!(run.ci_job.as_deref(), Some(job));
    assert_eq!(run.ttl.spelling(), "90s");
    assert_eq!(run.opened_by.subject, "tester@runner-1");
    let state = run.state.clone().expect("it is the root module's run");
    let file = bench.root().join("terraform.tfstate");
    assert_eq!(backend::local::file(&state), Some(file));
    assert_eq!((run.fence, run.end, run.interrupted_at), (None, None, None));
    assert_eq!(open.result["expires_at"], rfc3339(run.alive_until()));
    assert_eq!(open.result["id"], run.id.as_str());

    let text = token(&open);
    let token = RunToken::parse(&text).expect("a token");
    assert!(run.admits(&token, now(&bench).await));
    let secret = text.split('.').next_back().expect("a secret");
    let file = std::fs::read(bench.ledger()).expect("the ledger's file");
    let log = std::fs::read(bench.ledger().with_extension("db-wal")).unwrap_or_default();
    for bytes in [file, log] {
        let found = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "the token itself is nowhere in the ledger");
    }
    let private =
        String::from_utf8_lossy(open.private.as_ref().expect("private data")).into_owned();
    assert!(!private.contains(secret));

    let renew_at = open.renew_at.expect("it is to be renewed");
    let third = TimeDelta::seconds(30);
    assert!(before + third <= renew_at && renew_at <= SystemClock.now() + third);
}

#[tokio::test]
async fn every_opening_is_a_run_of_its_own_with_a_default_ttl() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let one = opened(&provider, json!({})).await;
    let two = opened(&provider, json!({})).await;
    assert_ne!(one.result["id"], two.result["id"]);
    assert_ne!(token(&one), token(&two));
    assert_eq!(one.result["ttl"], "2m");
    assert_eq!(one.result["environment"], Json::Null);
    assert_eq!(events(&bench, &one).await, [EventKind::Opened]);
}

#[tokio::test]
async fn renewals_are_signs_of_life_and_no_events() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = opened(&provider, json!({})).await;
    let aged = TimeDelta::seconds(100);
    change(&bench, &open, |run| run.renewed_at -= aged).await;
    let before = record(&bench, &open).await;
    let mut last = open.clone();
    for _ in 0..5 {
        last = provider.renew(LEASE, &last).await;
        assert_no_errors(&last.told);
        assert!(last.renew_at.is_some(), "and again");
    }
    let after = record(&bench, &open).await;
    assert!(before.renewed_at + aged <= after.renewed_at);
    assert_eq!(after.opened_at, before.opened_at);
    // The test's own change is the second.
    let expected = [EventKind::Opened, EventKind::Updated];
    assert_eq!(events(&bench, &open).await, expected);
}

#[tokio::test]
async fn closing_ends_the_lease_and_again_is_harmless() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = opened(&provider, json!({})).await;
    for _ in 0..2 {
        assert_eq!(provider.close(LEASE, &open).await, []);
    }
    let run = record(&bench, &open).await;
    assert!(matches!(run.life(now(&bench).await), Life::Closed { .. }));
    let expected = [EventKind::Opened, EventKind::Closed];
    assert_eq!(events(&bench, &open).await, expected);

    let renewed = provider.renew(LEASE, &open).await;
    assert_eq!(renewed.told[0].summary, "Run Lease Lost");
    assert!(renewed.told[0].detail.contains("was closed at"));
}

#[tokio::test]
async fn a_late_renewal_revives_what_nobody_noted_as_dead() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = opened(&provider, json!({})).await;
    change(&bench, &open, |run| run.renewed_at -= TimeDelta::hours(1)).await;
    let dead = record(&bench, &open).await;
    let since = dead.alive_until();
    assert_eq!(dead.life(now(&bench).await), Life::Dead { since });
    assert_no_errors(&provider.renew(LEASE, &open).await.told);
    let revived = record(&bench, &open).await;
    assert!(matches!(
        revived.life(now(&bench).await),
        Life::Alive { .. }
    ));
}

#[tokio::test]
async fn a_death_that_was_noted_is_final_and_the_run_hears_of_it() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = opened(&provider, json!({})).await;
    let at = now(&bench).await;
    let died = RunEnd::Died { at, noted_at: at };
    change(&bench, &open, |run| run.end = Some(died)).await;
    let renewed = provider.renew(LEASE, &open).await;
    assert_eq!(renewed.told[0].summary, "Run Lease Lost");
    assert!(renewed.told[0].detail.contains("a sweep noted its death"));
    let closed = provider.close(LEASE, &open).await;
    assert_eq!(closed[0].summary, "Run Was Counted As Dead");
    assert!(!closed[0].is_error, "the run did its work");
    assert_eq!(record(&bench, &open).await.end, Some(died));
}

#[tokio::test]
async fn an_interruption_is_recorded_once_and_leaves_the_run_alive() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = opened(&provider, json!({})).await;
    let closed = opened(&provider, json!({})).await;
    assert_eq!(provider.close(LEASE, &closed).await, []);
    interrupt(&provider).await;
    interrupt(&provider).await;
    let run = record(&bench, &open).await;
    assert!(run.interrupted_at.is_some());
    assert!(matches!(run.life(now(&bench).await), Life::Alive { .. }));
    let expected = [EventKind::Opened, EventKind::Interrupted];
    assert_eq!(events(&bench, &open).await, expected);
    assert_eq!(record(&bench, &closed).await.interrupted_at, None);
    // A client that does close is heard.
    assert_eq!(provider.close(LEASE, &open).await, []);
    let run = record(&bench, &open).await;
    assert!(matches!(run.life(now(&bench).await), Life::Closed { .. }));
}

#[tokio::test]
async fn a_run_of_a_sweepers_own_destroy_is_recorded_as_such() {
    let bench = Bench::new();
    for (fence, expected) in [("7", Fence(7)), ("soon", Fence(0))] {
        let provider = bench
            .provider_with(&[("EPHEMERAL_FENCE", fence)], json!({}))
            .await;
        let open = opened(&provider, json!({})).await;
        assert_eq!(record(&bench, &open).await.fence, Some(expected));
    }
}

#[tokio::test]
async fn a_ledger_that_does_not_answer_for_a_while_ends_no_run() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = opened(&provider, json!({})).await;
    change(&bench, &open, |run| {
        run.renewed_at -= TimeDelta::seconds(60)
    })
    .await;
    let before = record(&bench, &open).await;
    execute(&bench, "ALTER TABLE records RENAME TO elsewhere");
    let renewed = provider.renew(LEASE, &open).await;
    assert_no_errors(&renewed.told);
    assert!(renewed.renew_at.is_some(), "it is tried again");
    let closed = provider.close(LEASE, &open).await;
    assert_eq!(closed[0].summary, "Run Lease Not Closed");
    assert!(!closed[0].is_error);
    execute(&bench, "ALTER TABLE elsewhere RENAME TO records");
    assert_no_errors(&provider.renew(LEASE, &renewed).await.told);
    assert!(before.renewed_at < record(&bench, &open).await.renewed_at);
}

/// Writes to the ledger past the software.
fn execute(bench: &Bench, statement: &str) {
    let connection = rusqlite::Connection::open(bench.ledger()).expect("a connection");
    connection.execute_batch(statement).expect("a statement");
}
