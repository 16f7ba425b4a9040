//! One environment: by name, by generation, by id; and everything that is refused.

use chrono::TimeDelta;
use ledger::clock::rfc3339;
use ledger::environment::{Hold, Lifecycle, Stuck};
use ledger::identity::Identity;
use serde_json::{Value as Json, json};

use crate::common::{Bench, Provider, places};
use crate::driver::values::{REFINED, UNKNOWN};
use crate::driver::{Stored, assert_no_errors, only_error};

const ENVIRONMENT: &str = "ephemeral_environment";

/// Creates an environment of that name.
pub(super) async fn create(provider: &Provider, name: &str) -> Stored {
    let config = json!({
        "name": name, "team": "checkout", "project": "shop",
        "lifetime": {"ttl": "24h", "max": "72h", "idle": "8h", "hibernate_after": "4h", "grace": "1h"},
        "tags": {"cost-centre": "4711"},
        "pull_request": {"repository": "acme/shop", "number": 128},
    });
    provider.create(ENVIRONMENT, config).await
}

async fn read(provider: &Provider, config: Json) -> Json {
    let (object, told) = provider.read_data(ENVIRONMENT, config).await;
    assert_no_errors(&told);
    object
}

#[tokio::test]
async fn a_living_environment_is_read_by_its_name_with_everything_the_resource_says() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = create(&provider, "pr-1").await;
    let found = read(&provider, json!({"name": "pr-1"})).await;
    for name in [
        "name",
        "id",
        "generation",
        "owner",
        "team",
        "project",
        "lifetime",
        "tags",
        "pull_request",
        "on_expiry",
        "created_at",
        "expires_at",
        "hard_expires_at",
        "running",
        "state_address",
        "default_tags",
        "tags_all",
    ] {
        assert_eq!(found[name], made.state[name], "{name}");
    }
    let record = bench.environment(&made).await;
    assert_eq!(found["due_at"], rfc3339(record.due_at()));
    assert_eq!(found["renewed_at"], found["created_at"]);
    assert_eq!(found["created_by"], record.created_by.subject);
    for name in ["hold", "stuck", "ended_at"] {
        assert_eq!(found[name], Json::Null, "{name}");
    }
    let id = found["id"].clone();
    assert_eq!(read(&provider, json!({"id": id})).await, found);
    let first = json!({"name": "pr-1", "generation": 1});
    assert_eq!(read(&provider, first).await, found);
}

#[tokio::test]
async fn the_phase_is_that_of_the_moment_and_a_hold_and_a_failed_teardown_are_told() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = create(&provider, "pr-1").await;
    let by_name = || json!({"name": "pr-1"});
    let age = async |minutes| {
        let age = |environment: &mut ledger::environment::Environment| {
            environment.created_at -= TimeDelta::minutes(minutes);
            environment.renewed_at -= TimeDelta::minutes(minutes);
        };
        bench.change_environment(&made, age).await;
    };
    let before = read(&provider, by_name()).await;
    assert_eq!(before["phase"], "provisioning");
    age(24 * 60 + 30).await;
    assert_eq!(read(&provider, by_name()).await["phase"], "expiring");
    age(60).await;
    assert_eq!(read(&provider, by_name()).await["phase"], "expired");

    let record = bench.environment(&made).await;
    let since = record.created_at;
    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Stuck(Stuck {
                since,
                passes: 3,
                instances: Some(2),
                inventory: None,
                reason: "the bucket is not empty".to_owned(),
                remedy: "empty it".to_owned(),
                retry_at: since,
            });
        })
        .await;
    let stuck = read(&provider, by_name()).await;
    assert_eq!(stuck["phase"], "stuck");
    assert_eq!(
        stuck["stuck"],
        json!({
            "since": rfc3339(since), "passes": 3, "reason": "the bucket is not empty", "remedy": "empty it",
            "retry_at": rfc3339(since),
        })
    );
    bench
        .change_environment(&made, |environment| {
            environment.hold = Some(Hold {
                by: Identity::claimed("test", "bob"),
                reason: "a demo".to_owned(),
                since,
                until: None,
            });
        })
        .await;
    let held = read(&provider, by_name()).await;
    assert_eq!(held["phase"], "held");
    let hold = json!({"by": "bob", "reason": "a demo", "since": rfc3339(since), "until": null});
    assert_eq!(held["hold"], hold);
    bench
        .change_environment(&made, |environment| {
            if let Some(hold) = &mut environment.hold {
                hold.until = Some(since);
            }
        })
        .await;
    let over = read(&provider, by_name()).await;
    assert_eq!(
        (&over["phase"], &over["hold"]),
        (&json!("stuck"), &Json::Null)
    );
}

#[tokio::test]
async fn an_ended_generation_is_read_by_its_number_or_id_and_never_in_place_of_a_living_one() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let first = create(&provider, "pr-1").await;
    let gone = provider.change(ENVIRONMENT, &first, Json::Null).await;
    assert_eq!(gone.state, Json::Null);
    let (object, told) = provider
        .read_data(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    let error = only_error(&told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("Nothing Found", "name")
    );
    assert!(
        error
            .detail
            .contains("generation 1, was given back; `generation = 1`"),
        "{error:?}"
    );
    assert_eq!(object, Json::Null);

    let second = bench.provider().await;
    create(&second, "pr-1").await;
    let living = read(&second, json!({"name": "pr-1"})).await;
    assert_eq!(
        (&living["generation"], &living["ended_at"]),
        (&json!(2), &Json::Null)
    );
    for config in [
        json!({"name": "pr-1", "generation": 1}),
        json!({"id": first.state["id"]}),
    ] {
        let ended = read(&second, config).await;
        assert_eq!(
            (&ended["generation"], &ended["phase"]),
            (&json!(1), &json!("released"))
        );
        assert!(ended["ended_at"].is_string(), "{ended}");
    }
}

#[tokio::test]
async fn what_the_ledger_does_not_have_is_an_error_at_what_selects_it() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = create(&provider, "pr-1").await;
    let lease = provider.create("ttl_lease", json!({"ttl": "1h"})).await;
    assert_no_errors(&lease.told);
    for (config, at) in [
        (json!({"name": "pr-2"}), "name"),
        (json!({"name": "pr-1", "generation": 2}), "generation"),
        (json!({"name": "pr-2", "generation": 1}), "generation"),
        (json!({"id": "env-nobody"}), "id"),
    ] {
        let (object, told) = provider.read_data(ENVIRONMENT, config).await;
        let error = only_error(&told);
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            ("Nothing Found", at)
        );
        assert_eq!(object, Json::Null);
    }
    assert!(made.state["id"].is_string());
}

#[tokio::test]
async fn every_wrong_selector_is_refused_at_its_own_attribute() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let id = "env-0190163d8694739bac4a5eb0f4a0b2c1";
    for (config, at) in [
        (json!({}), vec!["name"]),
        (json!({"generation": 1}), vec!["name"]),
        (json!({"name": "a", "id": id}), vec!["id"]),
        (json!({"id": id, "generation": 1}), vec!["generation"]),
        (json!({"name": ""}), vec!["name"]),
        (json!({"name": "Not A Name"}), vec!["name"]),
        (json!({"name": "*"}), vec!["name"]),
        (json!({"id": "*"}), vec!["id"]),
        (
            json!({"id": "lease-0190163d8694739bac4a5eb0f4a0b2c1"}),
            vec!["id"],
        ),
        (json!({"name": "a", "generation": 0}), vec!["generation"]),
        (json!({"name": "a", "generation": 1.5}), vec!["generation"]),
        (
            json!({"name": "A", "generation": -1}),
            vec!["generation", "name"],
        ),
        (json!({"name": ["a"]}), vec!["name"]),
        (json!({"name": "a", "owner": "ana"}), vec!["owner"]),
        (json!({"name": "a", "hold": {"by": "x"}}), vec!["hold"]),
    ] {
        let told = provider.validate_data(ENVIRONMENT, config.clone()).await;
        assert_eq!(places(&told), at, "{config}: {told:#?}");
        if at != ["owner"] && at != ["hold"] {
            let (object, told) = provider.read_data(ENVIRONMENT, config.clone()).await;
            assert_eq!(places(&told), at, "{config}: {told:#?}");
            assert_eq!(object, Json::Null);
        }
    }
}

#[tokio::test]
async fn an_unknown_selector_waits_in_validation_and_is_never_read() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    create(&provider, "pr-1").await;
    for unknown in [UNKNOWN, REFINED] {
        for config in [
            json!({"name": unknown}),
            json!({"id": unknown}),
            json!({"name": "pr-1", "generation": unknown}),
            json!({"name": unknown, "generation": 1}),
        ] {
            let told = provider.validate_data(ENVIRONMENT, config.clone()).await;
            assert_no_errors(&told);
            let (object, told) = provider.read_data(ENVIRONMENT, config).await;
            assert_eq!(only_error(&told).summary, "Unknown Value on Reading");
            assert_eq!(object, Json::Null);
        }
    }
}

#[tokio::test]
async fn a_ledger_that_is_missing_or_not_known_yet_proves_nothing() {
    let bench = Bench::new();
    let by_name = || json!({"name": "pr-1"});
    let provider = bench.provider().await;
    let (_, told) = provider.read_data(ENVIRONMENT, by_name()).await;
    assert_eq!(only_error(&told).summary, "Ledger Not Available");
    assert!(!bench.ledger().exists(), "a read makes no ledger");
    let unknown = json!({"ledger": UNKNOWN});
    let provider = bench.provider_with(&[], unknown).await;
    let (_, told) = provider.read_data(ENVIRONMENT, by_name()).await;
    assert_eq!(only_error(&told).summary, "Ledger Not Known Yet");
    let provider = bench.unconfigured(&[]).await;
    let (_, told) = provider.read_data(ENVIRONMENT, by_name()).await;
    assert_eq!(only_error(&told).summary, "Provider Not Configured");
}
