//! What is refused, where, and without repeating what could be a secret.

use serde_json::json;

use super::LEASE;
use crate::common::{Bench, places};
use crate::driver::values::{UNKNOWN, dv};
use crate::driver::{assert_no_errors, only_error};

#[tokio::test]
async fn all_problems_are_reported_at_once_each_at_its_attribute() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let wrong = json!({
        "environment": "PR 128",
        "ttl": "soon",
        "labels": {"step": "deploy", "empty": null},
    });
    let told = provider.validate_ephemeral(LEASE, wrong.clone()).await;
    let expected = ["environment", r#"labels["empty"]"#, "ttl"];
    assert_eq!(places(&told), expected);
    let open = provider.open(LEASE, wrong).await;
    assert_eq!(places(&open.told), expected, "also when it is opened");
    assert!(!bench.ledger().exists(), "nothing was recorded");
}

#[tokio::test]
async fn a_ttl_is_bounded_on_both_sides() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for ttl in ["1s", "4s", "61m", "2h"] {
        let told = provider
            .validate_ephemeral(LEASE, json!({"ttl": ttl}))
            .await;
        let error = only_error(&told);
        assert_eq!(error.summary, "Run Lease Duration Out Of Bounds");
        assert!(error.detail.contains("from `5s` to `1h`"), "{error:?}");
    }
    for ttl in ["5s", "2m", "1h", "PT60M"] {
        let told = provider
            .validate_ephemeral(LEASE, json!({"ttl": ttl}))
            .await;
        assert_no_errors(&told);
    }
}

#[tokio::test]
async fn what_is_not_known_yet_is_no_problem() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for config in [
        json!({"environment": UNKNOWN, "ttl": UNKNOWN, "labels": UNKNOWN}),
        json!({"labels": {"step": UNKNOWN}}),
    ] {
        assert_no_errors(&provider.validate_ephemeral(LEASE, config).await);
    }
}

#[tokio::test]
async fn a_run_is_not_opened_while_nobody_knows_in_which_ledger() {
    let bench = Bench::new();
    let provider = bench.provider_with(&[], json!({"ledger": UNKNOWN})).await;
    let open = provider.open(LEASE, json!({})).await;
    assert_eq!(only_error(&open.told).summary, "Ledger Not Known Yet");
}

#[tokio::test]
async fn what_no_opening_gave_is_refused() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let mut open = provider.open(LEASE, json!({})).await;
    let typed = |run: &str, ttl: &str| dv(&json!({"run": run, "ttl": ttl})).msgpack;
    for (private, title) in [
        (typed("", "2m"), "Run Lease Lost"),
        (typed("run-a", ""), "Run Lease Lost"),
        (b"{".to_vec(), "Unreadable Private State"),
        (Vec::new(), "Unreadable Private State"),
    ] {
        open.private = Some(private);
        let renewed = provider.renew(LEASE, &open).await;
        assert_eq!(only_error(&renewed.told).summary, title);
    }
}
