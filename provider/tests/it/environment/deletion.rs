//! Deletion is inert: it gives the record back, once, durably; and inside a sweeper's teardown it gives nothing back.

use ledger::environment::Lifecycle;
use ledger::event::EventKind;
use serde_json::{Value as Json, json};

use super::ENVIRONMENT;
use super::creation::{claim, teardown};
use crate::common::Bench;
use crate::driver::{Stored, assert_no_errors, only_error};

async fn deleted(bench: &Bench, variables: &[(&str, &str)], made: &Stored) -> Stored {
    let provider = bench.provider_with(variables, json!({})).await;
    let planned = provider.plan(ENVIRONMENT, made, Json::Null).await;
    assert_no_errors(&planned.told);
    provider.apply(ENVIRONMENT, planned).await
}

#[tokio::test]
async fn a_delete_releases_and_a_second_one_changes_nothing() {
    let bench = Bench::new();
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    for _ in 0..2 {
        let gone = deleted(&bench, &[], &made).await;
        assert_no_errors(&gone.told);
        assert_eq!(gone.state, Json::Null);
    }
    let events = bench.events(&made).await;
    assert_eq!(events, [EventKind::Created, EventKind::Released]);
    let Lifecycle::Released { by, reason, .. } = bench.environment(&made).await.lifecycle else {
        panic!("it is released")
    };
    assert_eq!(by.subject, "tester@localhost");
    assert!(reason.contains("removed"), "{reason}");
}

#[tokio::test]
async fn inside_the_teardown_that_claimed_it_a_delete_only_notes_that_the_marker_went() {
    let bench = Bench::new();
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    let fence = claim(&bench, &made).await;
    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Destroying(teardown(environment.created_at, fence));
        })
        .await;
    let gone = deleted(&bench, &[("EPHEMERAL_FENCE", &fence.to_string())], &made).await;
    assert_no_errors(&gone.told);
    assert_eq!(gone.state, Json::Null);
    let record = bench.environment(&made).await;
    assert!(
        matches!(record.lifecycle, Lifecycle::Destroying(_)),
        "{record:?}"
    );
    assert_eq!(
        bench.events(&made).await.last(),
        Some(&EventKind::MarkerDeleted)
    );
}

#[tokio::test]
async fn a_teardown_whose_claim_is_over_releases_nothing() {
    let bench = Bench::new();
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    let living = bench.record(&made).await;
    for variable in ["1", "0", "not a token"] {
        let refused = deleted(&bench, &[("EPHEMERAL_FENCE", variable)], &made).await;
        assert_eq!(
            only_error(&refused.told).summary,
            "Claim Is Over",
            "{variable}"
        );
        assert_eq!(refused.state, made.state);
    }
    assert_eq!(bench.record(&made).await, living, "somebody renewed it");

    let fence = claim(&bench, &made).await;
    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Destroying(teardown(environment.created_at, fence));
        })
        .await;
    let older = (fence.0 - 1).to_string();
    let newer = bench.record(&made).await;
    let refused = deleted(&bench, &[("EPHEMERAL_FENCE", &older)], &made).await;
    assert_eq!(only_error(&refused.told).summary, "Claim Is Over");
    assert_eq!(
        bench.record(&made).await,
        newer,
        "another sweeper took over"
    );
}

#[tokio::test]
async fn a_delete_without_its_ledger_keeps_the_state_and_makes_no_new_ledger() {
    let bench = Bench::new();
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    std::fs::remove_file(bench.ledger()).expect("removed");
    let refused = deleted(&bench, &[], &made).await;
    assert_eq!(only_error(&refused.told).summary, "Ledger Not Available");
    assert_eq!(refused.state, made.state);
    assert!(!bench.ledger().exists());
}
