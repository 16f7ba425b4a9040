//! What is refused, and what waits because it is unknown.

use serde_json::{Value as Json, json};

use super::{LEASE, whole};
use crate::common::{Bench, paths, places, with};
use crate::driver::values::{REFINED, UNKNOWN};
use crate::driver::{Stored, assert_no_errors, only_error};

#[tokio::test]
async fn an_unknown_value_at_any_place_is_planned_as_unknown_and_active_is_known() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for path in paths(&whole()) {
        for unknown in [UNKNOWN, REFINED] {
            let config = with(&whole(), &path, json!(unknown));
            assert_no_errors(&provider.validate(LEASE, config.clone()).await);
            let planned = provider.plan(LEASE, &Stored::nothing(), config).await;
            assert_no_errors(&planned.told);
            let pointer = format!("/{}", path.replace('.', "/"));
            assert_eq!(
                planned.state.pointer(&pointer),
                Some(&json!(UNKNOWN)),
                "{path}"
            );
            assert_eq!(planned.state["active"], true, "so it can stand in count");
        }
    }
    assert!(!bench.ledger().exists(), "a plan opens no ledger");
}

#[tokio::test]
async fn every_wrong_value_is_refused_at_its_own_attribute() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let wrong = [
        ("ttl", json!("0"), "ttl"),
        ("ttl", json!("0s"), "ttl"),
        ("ttl", json!("-4h"), "ttl"),
        ("ttl", json!("4"), "ttl"),
        ("ttl", json!("forever"), "ttl"),
        ("ttl", json!("13h"), "ttl"),
        ("ttl", Json::Null, "ttl"),
        ("ttl", json!(["4h"]), "ttl"),
        ("max_ttl", json!("0"), "max_ttl"),
        ("max_ttl", json!("3h"), "ttl"),
        ("holder", json!(" "), "holder"),
        ("environment", json!(""), "environment"),
        ("targets", json!({}), "targets"),
        ("targets.1", Json::Null, "targets[1]"),
        ("targets.0", json!(" "), "targets[0]"),
        ("triggers", json!("x"), "triggers"),
    ];
    for (path, value, place) in wrong {
        let config = with(&whole(), path, value.clone());
        let told = provider.validate(LEASE, config).await;
        assert_eq!(places(&told), [place], "{path} = {value}: {told:#?}");
    }
    let all =
        json!({"ttl": "0", "max_ttl": "soon", "holder": "", "environment": "", "targets": [null]});
    let planned = provider.plan(LEASE, &Stored::nothing(), all).await;
    assert_eq!(
        places(&planned.told),
        ["environment", "holder", "max_ttl", "targets[0]", "ttl"]
    );
}

#[tokio::test]
async fn a_value_for_what_only_the_provider_sets_is_refused() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (name, value) in [
        ("id", json!("x")),
        ("expires_at", json!("x")),
        ("active", json!(true)),
        ("fencing_token", json!(7)),
    ] {
        let mut config = whole();
        config[name] = value;
        assert_eq!(places(&provider.validate(LEASE, config).await), [name]);
    }
}

#[tokio::test]
async fn a_lease_of_an_environment_that_does_not_live_here_is_refused_and_nothing_is_written() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let gone = provider
        .create("ephemeral_environment", json!({"name": "gone"}))
        .await;
    let _ = provider
        .change("ephemeral_environment", &gone, Json::Null)
        .await;
    let id = gone.state["id"].as_str().expect("an id");
    for environment in ["gone", id, "nobody", "env-nobody", "Not A Name", "lease-x"] {
        let config = json!({"ttl": "1h", "environment": environment});
        let planned = provider.plan(LEASE, &Stored::nothing(), config).await;
        assert_no_errors(&planned.told);
        let refused = provider.apply(LEASE, planned).await;
        let error = only_error(&refused.told);
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            ("Unknown Environment", "environment")
        );
        assert_eq!(refused.state, Json::Null);
    }
}
