//! One lease: by its id, or as the one of an environment.

use chrono::TimeDelta;
use ledger::book::Record;
use serde_json::{Value as Json, json};

use crate::common::{Bench, Provider, places};
use crate::driver::values::{REFINED, UNKNOWN};
use crate::driver::{Stored, assert_no_errors, only_error};

const LEASE: &str = "ephemeral_lease";

async fn lease(provider: &Provider, environment: &Json, holder: &str, target: &str) -> Stored {
    let config = json!({
        "ttl": "4h", "max_ttl": "12h", "environment": environment, "holder": holder, "targets": [target, "vpn"],
    });
    provider.create("ttl_lease", config).await
}

async fn read(provider: &Provider, config: Json) -> Json {
    let (object, told) = provider.read_data(LEASE, config).await;
    assert_no_errors(&told);
    object
}

/// Makes the lease that much older.
async fn age(bench: &Bench, stored: &Stored, hours: i64) {
    let age = |record: &mut Record| match record {
        Record::Lease(lease) => {
            lease.created_at -= TimeDelta::hours(hours);
            lease.renewed_at -= TimeDelta::hours(hours);
        }
        other => panic!("a lease was expected, found {other:?}"),
    };
    bench.change(stored, age).await;
}

#[tokio::test]
async fn a_lease_is_read_by_its_id_with_everything_the_resource_says() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = lease(&provider, &Json::Null, "ana", "bastion").await;
    let found = read(&provider, json!({"id": made.state["id"]})).await;
    for name in [
        "id",
        "environment",
        "holder",
        "ttl",
        "max_ttl",
        "targets",
        "expires_at",
        "active",
        "fencing_token",
    ] {
        assert_eq!(found[name], made.state[name], "{name}");
    }
    assert_eq!(found["renewed_at"], found["created_at"]);
    assert_eq!(
        (&found["released_at"], &found["target"]),
        (&Json::Null, &Json::Null)
    );
    age(&bench, &made, 5).await;
    let lapsed = read(&provider, json!({"id": made.state["id"]})).await;
    assert_eq!(lapsed["active"], false);
    provider.change("ttl_lease", &made, Json::Null).await;
    let released = read(&provider, json!({"id": made.state["id"]})).await;
    assert!(released["released_at"].is_string(), "{released}");
}

#[tokio::test]
async fn a_lease_is_found_by_its_environment_however_either_spells_it() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let environment = provider
        .create("ephemeral_environment", json!({"name": "pr-1"}))
        .await;
    let (id, name) = (environment.state["id"].clone(), json!("pr-1"));
    for spelled in [&id, &name] {
        let made = lease(&provider, spelled, "ana", "bastion").await;
        for asked in [&id, &name] {
            let found = read(&provider, json!({"environment": asked})).await;
            assert_eq!(found["id"], made.state["id"], "{spelled} {asked}");
            assert_eq!(found["environment"], *asked, "as it was asked");
        }
        provider.change("ttl_lease", &made, Json::Null).await;
    }
    let (_, told) = provider
        .read_data(LEASE, json!({"environment": "pr-1"}))
        .await;
    let error = only_error(&told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("Nothing Found", "environment")
    );
    let list = "`sweeper list --leases` shows the living ones";
    assert!(error.detail.contains(list), "{}", error.detail);
}

#[tokio::test]
async fn several_leases_are_told_apart_by_holder_and_target_and_never_guessed() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    provider
        .create("ephemeral_environment", json!({"name": "pr-1"}))
        .await;
    let name = json!("pr-1");
    let anas = lease(&provider, &name, "ana", "bastion").await;
    let bobs = lease(&provider, &name, "bob", "database").await;
    let (_, told) = provider
        .read_data(LEASE, json!({"environment": "pr-1"}))
        .await;
    let error = only_error(&told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("More Than One Found", "environment")
    );
    for stored in [&anas, &bobs] {
        let id = stored.state["id"].as_str().expect("an id");
        assert!(error.detail.contains(id), "{error:?}");
    }
    for (config, expected) in [
        (json!({"environment": "pr-1", "holder": "ana"}), &anas),
        (json!({"environment": "pr-1", "target": "database"}), &bobs),
        (
            json!({"environment": "pr-1", "holder": "bob", "target": "vpn"}),
            &bobs,
        ),
    ] {
        let found = read(&provider, config.clone()).await;
        assert_eq!(found["id"], expected.state["id"], "{config}");
    }
    let nobody = json!({"environment": "pr-1", "holder": "eve"});
    let (_, told) = provider.read_data(LEASE, nobody).await;
    assert_eq!(only_error(&told).summary, "Nothing Found");
    age(&bench, &anas, 5).await;
    let active = read(&provider, json!({"environment": "pr-1"})).await;
    assert_eq!(
        active["id"], bobs.state["id"],
        "the active one comes before a lapsed one"
    );
}

#[tokio::test]
async fn every_wrong_selector_is_refused_at_its_own_attribute_and_an_unknown_one_waits() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let id = "lease-0190163d8694739bac4a5eb0f4a0b2c1";
    for (config, at) in [
        (json!({}), vec!["id"]),
        (json!({"holder": "ana"}), vec!["id"]),
        (
            json!({"id": id, "environment": "pr-1"}),
            vec!["environment"],
        ),
        (
            json!({"id": id, "holder": "ana", "target": "x"}),
            vec!["holder", "target"],
        ),
        (
            json!({"id": "env-0190163d8694739bac4a5eb0f4a0b2c1"}),
            vec!["id"],
        ),
        (json!({"id": "*"}), vec!["id"]),
        (json!({"environment": ""}), vec!["environment"]),
        (
            json!({"environment": "a", "holder": " ", "target": ""}),
            vec!["holder", "target"],
        ),
        (json!({"environment": ["a"]}), vec!["environment"]),
        (json!({"id": id, "active": true}), vec!["active"]),
    ] {
        let told = provider.validate_data(LEASE, config.clone()).await;
        assert_eq!(places(&told), at, "{config}: {told:#?}");
    }
    provider.create("ttl_lease", json!({"ttl": "1h"})).await;
    for unknown in [UNKNOWN, REFINED] {
        for config in [
            json!({"id": unknown}),
            json!({"environment": unknown}),
            json!({"environment": "a", "holder": unknown}),
            json!({"environment": "a", "target": unknown}),
        ] {
            assert_no_errors(&provider.validate_data(LEASE, config.clone()).await);
            let (object, told) = provider.read_data(LEASE, config).await;
            assert_eq!(only_error(&told).summary, "Unknown Value on Reading");
            assert_eq!(object, Json::Null);
        }
    }
    for missing in [id, "lease-nobody"] {
        let (_, told) = provider.read_data(LEASE, json!({"id": missing})).await;
        let error = only_error(&told);
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            ("Nothing Found", "id")
        );
    }
}
