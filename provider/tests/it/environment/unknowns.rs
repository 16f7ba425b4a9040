//! Unknown values: at every attribute, alone and together. A plan waits for them and never guesses.

use serde_json::{Value as Json, json};

use super::{ENVIRONMENT, whole};
use crate::common::{Bench, holds_unknown, paths, places, with};
use crate::driver::values::{REFINED, UNKNOWN};
use crate::driver::{Stored, assert_no_errors};

async fn plans_without_errors(config: Json) -> Json {
    let bench = Bench::new();
    let provider = bench.provider().await;
    assert_no_errors(&provider.validate(ENVIRONMENT, config.clone()).await);
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    assert_no_errors(&planned.told);
    assert!(!bench.ledger().exists(), "a plan opens no ledger");
    planned.state
}

#[tokio::test]
async fn an_unknown_value_at_any_place_is_planned_as_unknown() {
    for path in paths(&whole()) {
        for unknown in [UNKNOWN, REFINED] {
            let planned = plans_without_errors(with(&whole(), &path, json!(unknown))).await;
            let pointer = format!("/{}", path.replace('.', "/"));
            assert_eq!(
                planned.pointer(&pointer),
                Some(&json!(UNKNOWN)),
                "{path} in {planned}"
            );
        }
    }
}

#[tokio::test]
async fn a_configuration_of_nothing_but_unknown_values_can_be_planned() {
    let names: Vec<String> = whole()
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    let config: Json = names
        .iter()
        .map(|name| (name.clone(), json!(UNKNOWN)))
        .collect();
    let planned = plans_without_errors(config).await;
    assert_eq!(planned["default_tags"], UNKNOWN);
    assert_eq!(planned["running"], true);
}

#[tokio::test]
async fn default_tags_are_known_as_soon_as_all_they_follow_from_is_known() {
    let planned = plans_without_errors(whole()).await;
    assert!(!holds_unknown(&planned["default_tags"]), "{planned}");
    assert_eq!(planned["default_tags"]["ephemeral-owner"], "ana");
    assert_eq!(planned["tags_all"], UNKNOWN);
    // What they do not follow from does not keep them back.
    for path in ["lifetime", "triggers", "state", "on_expiry", "lifetime.ttl"] {
        let planned = plans_without_errors(with(&whole(), path, json!(UNKNOWN))).await;
        assert!(
            !holds_unknown(&planned["default_tags"]),
            "{path}: {planned}"
        );
    }
    for path in ["name", "owner", "tags", "tags.stage", "pull_request.number"] {
        let planned = plans_without_errors(with(&whole(), path, json!(UNKNOWN))).await;
        assert_eq!(planned["default_tags"], UNKNOWN, "{path}");
    }
}

#[tokio::test]
async fn a_default_that_follows_from_an_unknown_duration_is_unknown_too() {
    let config = json!({"name": "pr-1", "lifetime": {"max": UNKNOWN, "idle": UNKNOWN}});
    let planned = plans_without_errors(config).await;
    assert_eq!(planned["lifetime"]["ttl"], UNKNOWN);
    assert_eq!(planned["lifetime"]["hibernate_after"], UNKNOWN);
    assert_eq!(planned["lifetime"]["grace"], "1h");
}

#[tokio::test]
async fn what_is_wrong_is_refused_beside_what_is_unknown() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let config = json!({
        "name": UNKNOWN, "lifetime": {"ttl": "0h", "max": UNKNOWN},
        "tags": {"a": UNKNOWN, "B": "c"}, "pull_request": {"repository": UNKNOWN, "number": 0},
    });
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    assert_eq!(
        places(&planned.told),
        [
            "lifetime[\"ttl\"]",
            "pull_request[\"number\"]",
            "tags[\"B\"]"
        ]
    );
}

#[tokio::test]
async fn an_apply_with_unknown_values_writes_nothing_and_says_whose_fault_it_is() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let nothing = Stored::nothing();
    let mut planned = provider.plan(ENVIRONMENT, &nothing, whole()).await;
    planned.state = with(&planned.state, "lifetime.ttl", json!(UNKNOWN));
    let stored = provider.apply_as_it_is(ENVIRONMENT, planned).await;
    assert_eq!(stored.told.len(), 1, "{:?}", stored.told);
    assert_eq!(stored.told[0].summary, "Incomplete Plan");
    assert_eq!(stored.state, Json::Null);
}

#[tokio::test]
async fn what_follows_from_an_unknown_argument_of_the_provider_is_unknown_until_the_apply() {
    for (argument, unknown, known, follows) in [
        ("default_owner", json!(UNKNOWN), json!("ben"), "/owner"),
        ("default_team", json!(UNKNOWN), json!("checkout"), "/team"),
        ("default_project", json!(UNKNOWN), json!(null), "/project"),
        ("tag_prefix", json!(UNKNOWN), json!("eph-"), "/default_tags"),
        ("tag_rules", json!([UNKNOWN]), json!(["aws"]), "/tags_all"),
        ("required_tags", json!(UNKNOWN), json!(["stage"]), "/id"),
        (
            "default_lifetime",
            json!({"ttl": UNKNOWN}),
            json!({"ttl": "5h"}),
            "/lifetime/ttl",
        ),
        (
            "max_lifetime",
            json!({"max": UNKNOWN}),
            json!({"max": "10h"}),
            "/lifetime/max",
        ),
    ] {
        let bench = Bench::new();
        let planner = bench.provider_with(&[], json!({argument: unknown})).await;
        // A key that AWS takes and others do not.
        let config = json!({"name": "pr-1", "tags": {"stage": "x", "a b": "x"}});
        let config = match argument {
            "tag_rules" => config,
            _ => json!({"name": "pr-1", "tags": {"stage": "x"}}),
        };
        let planned = planner.plan(ENVIRONMENT, &Stored::nothing(), config).await;
        assert_no_errors(&planned.told);
        assert_eq!(planned.state.pointer(follows), Some(&json!(UNKNOWN)));
        let applier = bench.provider_with(&[], json!({argument: known})).await;
        let made = applier.apply(ENVIRONMENT, planned).await;
        assert_no_errors(&made.told);
    }
}
