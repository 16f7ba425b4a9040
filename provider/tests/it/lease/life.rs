//! A lease from its grant over its renewals to its end.

use chrono::TimeDelta;
use ledger::book::Record;
use ledger::clock::rfc3339;
use ledger::event::EventKind;
use ledger::lease::Lease;
use serde_json::{Value as Json, json};

use super::LEASE;
use crate::common::{Bench, with};
use crate::driver::values::UNKNOWN;
use crate::driver::{Stored, assert_no_errors, only_error};

fn run(commit: &str) -> Json {
    json!({"ttl": "2h", "max_ttl": "6h", "triggers": {"commit": commit}})
}

async fn record(bench: &Bench, stored: &Stored) -> Lease {
    match bench.record(stored).await.record {
        Record::Lease(lease) => lease,
        other => panic!("a lease was expected, found {other:?}"),
    }
}

/// Makes the lease as old as if it had been granted `hours` earlier.
async fn age(bench: &Bench, stored: &Stored, hours: i64) {
    let older = |record: &mut Record| match record {
        Record::Lease(lease) => {
            lease.created_at -= TimeDelta::hours(hours);
            lease.renewed_at -= TimeDelta::hours(hours);
        }
        other => panic!("a lease was expected, found {other:?}"),
    };
    bench.change(stored, older).await;
}

#[tokio::test]
async fn a_lease_is_granted_read_renewed_and_given_back() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    assert_eq!(
        (&made.state["active"], &made.state["fencing_token"]),
        (&json!(true), &json!(1))
    );
    assert_eq!(made.state["holder"], "tester@localhost");
    let read = provider.read(LEASE, &made).await;
    assert_eq!((&read.state, &read.private), (&made.state, &made.private));
    let again = provider.plan(LEASE, &read, run("a")).await;
    assert_eq!(again.state, made.state, "a second plan changes nothing");

    age(&bench, &made, 1).await;
    let aged = provider.read(LEASE, &made).await;
    let planned = provider.plan(LEASE, &aged, run("b")).await;
    assert_eq!(planned.state["expires_at"], UNKNOWN);
    assert_eq!(planned.state["active"], true);
    let renewed = provider.apply(LEASE, planned).await;
    assert_no_errors(&renewed.told);
    assert_eq!(renewed.state["fencing_token"], 2);
    let lease = record(&bench, &made).await;
    assert_eq!(renewed.state["expires_at"], rfc3339(lease.expires_at()));
    // To the second: the whole `ttl` from the renewal, which came an hour after the creation and not before.
    assert_eq!(lease.expires_at() - lease.renewed_at, TimeDelta::hours(2));
    assert!(TimeDelta::hours(1) <= lease.renewed_at - lease.created_at);

    let gone = provider.change(LEASE, &renewed, Json::Null).await;
    assert_eq!(gone.state, Json::Null);
    assert!(record(&bench, &made).await.released.is_some());
    let events = bench.events(&made).await;
    assert_eq!(
        events,
        [
            EventKind::Created,
            EventKind::Updated,
            EventKind::Renewed,
            EventKind::Released
        ]
    );
    let read = provider.read(LEASE, &made).await;
    assert_eq!(
        (read.state, read.told),
        (Json::Null, vec![]),
        "it was given back"
    );
}

#[tokio::test]
async fn another_length_grants_anew_and_another_holder_or_target_does_not() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    let mut handed_over = run("a");
    handed_over["holder"] = json!("bob");
    handed_over["targets"] = json!(["vpn"]);
    let handed_over = provider.change(LEASE, &made, handed_over).await;
    assert_eq!(handed_over.state["fencing_token"], 1);
    assert_eq!(handed_over.state["expires_at"], made.state["expires_at"]);
    let longer = with(&run("a"), "ttl", json!("3h"));
    let longer = provider.change(LEASE, &handed_over, longer).await;
    assert_eq!(longer.state["fencing_token"], 2);
    assert_eq!(longer.state["holder"], "bob", "what was set once stays");
    let bounded = with(&run("a"), "max_ttl", json!("4h"));
    let bounded = provider.change(LEASE, &longer, bounded).await;
    assert_eq!(bounded.state["fencing_token"], 3);
}

#[tokio::test]
async fn a_lapsed_lease_stays_in_the_state_inactive_until_a_renewal() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    age(&bench, &made, 3).await;
    let lapsed = provider.read(LEASE, &made).await;
    assert_no_errors(&lapsed.told);
    assert_eq!(lapsed.state["active"], false);
    let again = provider.plan(LEASE, &lapsed, run("a")).await;
    assert_eq!(again.state, lapsed.state, "nothing renews it unasked");
    let renewed = provider.change(LEASE, &lapsed, run("b")).await;
    assert_eq!(
        (&renewed.state["active"], &renewed.state["fencing_token"]),
        (&json!(true), &json!(2))
    );
}

#[tokio::test]
async fn no_renewal_passes_the_maximum() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    age(&bench, &made, 5).await;
    let near = provider.read(LEASE, &made).await;
    let near = provider.change(LEASE, &near, run("b")).await;
    let lease = record(&bench, &made).await;
    assert_eq!(lease.expires_at() - lease.created_at, TimeDelta::hours(6));
    assert_eq!(near.state["expires_at"], rfc3339(lease.expires_at()));

    age(&bench, &made, 2).await;
    let past = provider.read(LEASE, &near).await;
    let planned = provider.plan(LEASE, &past, run("c")).await;
    let refused = provider.apply(LEASE, planned).await;
    let error = only_error(&refused.told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("Lease Past Its Maximum", "max_ttl")
    );
    assert_eq!(refused.state, past.state, "the state stands");
    assert_eq!(record(&bench, &made).await.fencing_token, 2);
    let raised = with(&run("c"), "max_ttl", json!("12h"));
    let raised = provider.change(LEASE, &past, raised).await;
    assert_eq!(raised.state["fencing_token"], 3);
}

#[tokio::test]
async fn what_was_planned_holds_although_the_ledger_moved_before_the_apply() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    let mut config = run("a");
    config["targets"] = json!(["vpn"]);
    let planned = provider.plan(LEASE, &made, config.clone()).await;
    let expected = planned.state.clone();
    let outside = |record: &mut Record| match record {
        Record::Lease(lease) => {
            lease.extended_until = Some(lease.created_at + TimeDelta::hours(5));
            lease.fencing_token += 1;
        }
        other => panic!("a lease was expected, found {other:?}"),
    };
    bench.change(&made, outside).await;
    let changed = provider.apply(LEASE, planned).await;
    assert_no_errors(&changed.told);
    assert_eq!(changed.state, expected);
    let read = provider.read(LEASE, &changed).await;
    assert_eq!(read.state["fencing_token"], 2);
    assert_ne!(read.state["expires_at"], expected["expires_at"]);
    let again = provider.plan(LEASE, &read, config).await;
    assert_eq!(again.state, read.state, "what happened outside is no diff");
}

#[tokio::test]
async fn a_lease_that_lapses_between_plan_and_apply_keeps_the_plans_word_once() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    let mut config = run("a");
    config["holder"] = json!("bob");
    let planned = provider.plan(LEASE, &made, config).await;
    age(&bench, &made, 3).await;
    let changed = provider.apply(LEASE, planned).await;
    assert_no_errors(&changed.told);
    assert_eq!(changed.state["active"], true);
    assert_eq!(provider.read(LEASE, &changed).await.state["active"], false);
}

#[tokio::test]
async fn a_lease_belongs_to_an_environment_by_id_or_by_name() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let environment = provider
        .create("ephemeral_environment", json!({"name": "pr-1"}))
        .await;
    for key in [environment.state["id"].clone(), json!("pr-1")] {
        let made = provider
            .create(LEASE, json!({"ttl": "1h", "environment": key.clone()}))
            .await;
        assert_eq!(made.state["environment"], key);
    }
}

#[tokio::test]
async fn only_the_ledger_that_made_the_promise_can_say_that_it_is_gone() {
    let bench = Bench::new();
    let made = bench.provider().await.create(LEASE, run("a")).await;
    std::fs::rename(bench.ledger(), bench.root().join("lost")).expect("moved away");
    let provider = bench.provider().await;
    let read = provider.read(LEASE, &made).await;
    assert_eq!(only_error(&read.told).summary, "Ledger Not Available");
    let _ = bench.provider().await.create(LEASE, run("a")).await;
    let other = bench.provider().await;
    let read = other.read(LEASE, &made).await;
    assert_eq!(only_error(&read.told).summary, "Another Ledger");
    assert_eq!(read.state, made.state);
    for next in [run("b"), Json::Null] {
        let planned = other.plan(LEASE, &made, next).await;
        let refused = other.apply(LEASE, planned).await;
        assert_eq!(only_error(&refused.told).summary, "Another Ledger");
        assert_eq!(refused.state, made.state);
    }
}

#[tokio::test]
async fn an_import_brings_everything_but_the_triggers() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, run("a")).await;
    let id = made.state["id"].as_str().expect("an id").to_owned();
    let imported = provider.import(LEASE, &id).await;
    assert_no_errors(&imported.told);
    assert_eq!(imported.state, with(&made.state, "triggers", Json::Null));
    for key in ["lease-nobody", "pr-1", "env-x", "*"] {
        let refused = provider.import(LEASE, key).await;
        let error = only_error(&refused.told);
        assert_eq!(error.summary, "Nothing To Import", "{key}");
        // A lease has no name, and only that list shows its id.
        assert!(!error.detail.contains("name"), "{}", error.detail);
        assert!(
            error.detail.contains("sweeper list --leases"),
            "{}",
            error.detail
        );
    }
}

#[tokio::test]
async fn a_saved_plan_is_applied_by_whoever_applies_it_and_they_hold_the_lease() {
    let bench = Bench::new();
    let job = async |number: u32| {
        let address = format!("https://gitlab.com/acme/shop/-/jobs/{number}");
        let variables = [
            ("CI_SERVER_URL", "https://gitlab.com"),
            ("CI_JOB_URL", address.as_str()),
        ];
        bench.provider_with(&variables, json!({})).await
    };
    let (planner, applier) = (job(1).await, job(2).await);
    let config = json!({"ttl": "1h"});
    let planned = planner
        .plan(LEASE, &Stored::nothing(), config.clone())
        .await;
    let made = applier.apply(LEASE, planned).await;
    assert_no_errors(&made.told);
    let applied = applier.create(LEASE, config.clone()).await;
    assert_eq!(made.state["holder"], applied.state["holder"]);
    let other = planner.create(LEASE, config.clone()).await;
    assert_ne!(made.state["holder"], other.state["holder"]);
    // Somebody else's next plan leaves it with them.
    let next = planner.plan(LEASE, &made, config).await;
    assert_eq!(next.state, made.state);
}
