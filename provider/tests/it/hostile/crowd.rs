//! A thousand calls at once: each is answered with its own answer, and the ledger has all of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use ledger::book::{Book as _, Kind, Query};
use serde_json::json;
use tokio::task::JoinSet;

use super::{ENVIRONMENT, LEASE};
use crate::common::Bench;
use crate::driver::Stored;

const MANY: usize = 1_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_leases_applied_at_once_are_a_thousand_records() {
    let bench = Bench::new();
    let provider = Arc::new(bench.provider().await);
    let mut crowd = JoinSet::new();
    for number in 0..MANY {
        let provider = Arc::clone(&provider);
        crowd.spawn(async move {
            let config = json!({"ttl": "4h", "holder": format!("holder-{number}")});
            provider.create(LEASE, config).await
        });
    }
    let stored: Vec<Stored> = crowd.join_all().await;
    let ids: BTreeSet<&str> = stored
        .iter()
        .filter_map(|lease| lease.state["id"].as_str())
        .collect();
    assert_eq!(ids.len(), MANY);
    let query = Query {
        kind: Kind::Lease,
        live_only: true,
        name: None,
    };
    let listing = bench
        .book()
        .await
        .find(&query)
        .await
        .expect("the ledger answers");
    assert_eq!(listing.records.len(), MANY);
    for lease in stored.iter().step_by(100) {
        assert_eq!(bench.events(lease).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_hundred_that_want_one_name_at_once_exactly_one_gets_it() {
    let bench = Bench::new();
    let mut crowd = JoinSet::new();
    for number in 0..100 {
        // A process of its own each, as a hundred pipelines would have.
        let provider = bench.provider().await;
        crowd.spawn(async move {
            let config = json!({"name": "pr-1", "state": {"backend": "s3", "config": {"bucket": "b", "key": format!("state-{number}")}}});
            let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
            provider.apply(ENVIRONMENT, planned).await
        });
    }
    let answers = crowd.join_all().await;
    let made = answers
        .iter()
        .filter(|answer| answer.state["id"].is_string())
        .count();
    let refused = answers
        .iter()
        .filter(|answer| answer.told.iter().any(|said| said.is_error))
        .count();
    assert_eq!((made, refused), (1, 99), "{:?}", answers[0].told);
}
