//! A thousand calls at once: each is answered with its own answer, and the ledger has all of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;
use ledger::book::{Kind, Query, Record};
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::json;
use tokio::task::JoinSet;

use super::{ENVIRONMENT, LEASE};
use crate::common::Bench;
use crate::driver::{Driver, Stored};
use crate::process::plugin;

const MANY: usize = 1_000;

/// All of them planned and applied at once; each has its own answer, and the ledger has all of it.
async fn a_thousand_leases_at_once<P: Provider>(bench: &Bench, provider: Driver<P>) {
    let provider = Arc::new(provider);
    let mut crowd = JoinSet::new();
    for number in 0..MANY {
        let provider = Arc::clone(&provider);
        crowd.spawn(async move {
            let holder = format!("holder-{number}");
            let lease = json!({"ttl": "4h", "holder": holder});
            let lease = provider.create(LEASE, lease).await;
            assert_eq!(lease.state["holder"], holder);
            lease
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
async fn a_thousand_leases_applied_at_once_are_a_thousand_records() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    a_thousand_leases_at_once(&bench, provider).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_leases_applied_at_once_over_one_socket_are_a_thousand_records() {
    let bench = Bench::new();
    let (mut process, provider) = bench.process(&mut plugin()).await;
    a_thousand_leases_at_once(&bench, provider).await;
    process.shutdown().await;
    assert_eq!(process.ended().await.errors, "");
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_dozen_that_extend_one_lease_at_once_none_is_lost() {
    const DOZEN: usize = 12;
    let bench = Bench::new();
    let config = json!({"ttl": "4h", "max_ttl": "48h"});
    let lease = bench.provider().await.create(LEASE, config).await;
    let end = async || match bench.record(&lease).await.record {
        Record::Lease(lease) => lease.expires_at(),
        other => panic!("a lease was expected, found {other:?}"),
    };
    let before = end().await;
    let mut crowd = JoinSet::new();
    for _ in 0..DOZEN {
        // A process of its own each, so that nothing but the ledger puts them in order.
        let provider = bench.provider().await;
        let config = json!({"lease": lease.state["id"], "by": "1h", "reason": "one of a dozen"});
        crowd.spawn(async move { provider.invoke("ttl_lease_extend", config).await.1 });
    }
    for told in crowd.join_all().await {
        assert_eq!(told, [], "whoever lost a race looked again");
    }
    assert_eq!(end().await - before, TimeDelta::hours(12));
    assert_eq!(bench.events(&lease).await.len(), 1 + DOZEN);
}
