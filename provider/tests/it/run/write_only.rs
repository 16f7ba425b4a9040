//! The token at a lease: write-only, so one provider address is enough to keep a run lease open to the end.

use ledger::book::{Kind, Query};
use ledger::run::RunEnd;
use serde_json::{Value as Json, json};

use super::{LEASE, change, now, token};
use crate::common::{Bench, subject};
use crate::driver::{Stored, assert_no_errors, only_error};

fn with(token: &str) -> Json {
    json!({"ttl": "1h", "run_token": token})
}

#[tokio::test]
async fn a_grant_carries_the_run_and_no_plan_and_no_state_has_its_token() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = provider.open(LEASE, json!({})).await;
    let config = with(&token(&open));
    assert_no_errors(&provider.validate(LEASE, config.clone()).await);
    let planned = provider.plan(LEASE, &Stored::nothing(), config).await;
    assert_eq!(planned.state["run_token"], Json::Null);
    let leased = provider.apply(LEASE, planned).await;
    assert_no_errors(&leased.told);
    assert_eq!(leased.state["run_token"], Json::Null);

    let mut renewal = with(&token(&open));
    renewal["triggers"] = json!({"again": "1"});
    let renewed = provider.change(LEASE, &leased, renewal).await;
    let events = bench.book().await.events(Some(&subject(&renewed))).await;
    let events = events.expect("the ledger answers");
    assert_eq!(events.len(), 2);
    for event in events {
        assert_eq!(open.result["id"], event.event.detail["run"]);
        let text = format!("{event:?}");
        assert!(!text.contains(&token(&open)), "not in the ledger");
    }
}

#[tokio::test]
async fn a_token_of_a_later_run_alone_changes_nothing() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let first = provider.open(LEASE, json!({})).await;
    let leased = provider.create(LEASE, with(&token(&first))).await;
    let at = now(&bench).await;
    change(&bench, &first, |run| run.end = Some(RunEnd::Closed { at })).await;
    let second = provider.open(LEASE, json!({})).await;
    for config in [with(&token(&second)), json!({"ttl": "1h"})] {
        let planned = provider.plan(LEASE, &leased, config).await;
        assert_no_errors(&planned.told);
        assert_eq!(planned.state, leased.state);
    }
}

#[tokio::test]
async fn a_token_that_opens_nothing_is_refused_at_plan_and_at_apply_and_nothing_is_written() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = provider.open(LEASE, json!({})).await;
    let config = with(&token(&open));
    let planned = provider
        .plan(LEASE, &Stored::nothing(), config.clone())
        .await;
    assert_no_errors(&planned.told);
    let at = now(&bench).await;
    change(&bench, &open, |run| run.end = Some(RunEnd::Closed { at })).await;

    let applied = provider.apply(LEASE, planned).await;
    let again = provider.plan(LEASE, &Stored::nothing(), config).await;
    for told in [&applied.told, &again.told] {
        let error = only_error(told);
        let found = (error.summary.as_str(), error.at.as_str());
        assert_eq!(found, ("Run Is Over", "run_token"));
        assert!(!error.detail.contains(&token(&open)), "{error:?}");
    }
    assert_eq!(applied.state, Json::Null);
    let leases = Query {
        kind: Kind::Lease,
        name: None,
        live_only: false,
    };
    let listing = bench.book().await.find(&leases).await;
    assert_eq!(listing.expect("the ledger answers").records, []);

    let nonsense = provider.validate(LEASE, with("hunter2")).await;
    let error = only_error(&nonsense);
    let found = (error.summary.as_str(), error.at.as_str());
    assert_eq!(found, ("Invalid Run Token", "run_token"));
    assert!(!error.detail.contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn a_client_that_would_store_the_token_is_refused_it() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let open = provider.open(LEASE, json!({})).await;
    let told = provider
        .validate_for(None, LEASE, with(&token(&open)))
        .await;
    let error = only_error(&told);
    let found = (error.summary.as_str(), error.at.as_str());
    assert_eq!(found, ("Write-Only Attribute Not Supported", "run_token"));
    let told = provider
        .validate_for(None, LEASE, json!({"ttl": "1h"}))
        .await;
    assert_eq!(told, [], "who does not use it is not bothered");
}
