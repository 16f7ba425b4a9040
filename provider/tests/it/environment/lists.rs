//! Both lists, and the configuration that an import writes for both types.

use serde_json::{Value as Json, json};

use super::ENVIRONMENT;
use crate::common::{Bench, Provider};
use crate::driver::{Stored, assert_no_errors, only_error};
use crate::lease::LEASE;

async fn names(provider: &Provider, filter: Json, limit: i64) -> Vec<String> {
    let (items, told) = provider.list(ENVIRONMENT, filter, limit, true).await;
    assert_eq!(told, []);
    let names = items.iter().map(|item| item.state["name"].as_str());
    let mut names: Vec<String> = names.map(|name| name.expect("a name").to_owned()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_lives_is_listed_by_owner_team_phase_and_prefix_up_to_the_limit() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (name, owner, team) in [
        ("pr-1", "ana", "checkout"),
        ("pr-2", "bob", "checkout"),
        ("load-1", "ana", "search"),
    ] {
        let mut config = json!({"name": name, "owner": owner, "team": team});
        config["state"] = json!({"backend": "s3", "config": {"bucket": name, "key": "k"}});
        provider.create(ENVIRONMENT, config).await;
    }
    let over = provider.create(ENVIRONMENT, json!({"name": "gone"})).await;
    provider.change(ENVIRONMENT, &over, Json::Null).await;

    for (filter, expected) in [
        (json!({}), vec!["load-1", "pr-1", "pr-2"]),
        (json!({"owner": "ana"}), vec!["load-1", "pr-1"]),
        (json!({"team": "checkout"}), vec!["pr-1", "pr-2"]),
        (json!({"name_prefix": "pr-"}), vec!["pr-1", "pr-2"]),
        (json!({"name_prefix": "pr-", "owner": "bob"}), vec!["pr-2"]),
        (
            json!({"phase": "provisioning"}),
            vec!["load-1", "pr-1", "pr-2"],
        ),
        (json!({"phase": "held"}), vec![]),
        (json!({"team": "nobody"}), vec![]),
    ] {
        assert_eq!(
            names(&provider, filter.clone(), 0).await,
            expected,
            "{filter}"
        );
    }
    assert_eq!(names(&provider, json!({}), 2).await.len(), 2);

    let (items, _) = provider
        .list(ENVIRONMENT, json!({"owner": "bob"}), 10, false)
        .await;
    assert_eq!(items[0].state, Json::Null, "not asked for");
    assert!(
        items[0].name.starts_with("pr-2 (bob, generation "),
        "{}",
        items[0].name
    );
    let (imported, identity, told) = provider
        .import_by_identity(ENVIRONMENT, &items[0].identity)
        .await;
    assert_eq!((told, &identity), (vec![], &items[0].identity));
    assert_eq!(imported.state["name"], "pr-2");
}

#[tokio::test]
async fn leases_are_listed_by_holder_environment_and_whether_they_hold() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let environment = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    let vpn = json!({"ttl": "2h", "holder": "ana", "targets": ["vpn"]});
    provider.create(LEASE, vpn).await;
    let of_pr = json!({"ttl": "2h", "holder": "bob", "environment": environment.state["id"]});
    let made = provider.create(LEASE, of_pr).await;
    for (filter, count) in [
        (json!({}), 2),
        (json!({"holder": "bob"}), 1),
        (json!({"environment": environment.state["id"]}), 1),
        (json!({"active": true}), 2),
        (json!({"active": false}), 0),
    ] {
        let (items, told) = provider.list(LEASE, filter.clone(), 0, true).await;
        assert_eq!((items.len(), told), (count, vec![]), "{filter}");
    }
    let (items, _) = provider
        .list(LEASE, json!({"holder": "ana"}), 0, true)
        .await;
    assert!(
        items[0].name.starts_with("ana for vpn, lease-"),
        "{}",
        items[0].name
    );
    provider.change(LEASE, &made, Json::Null).await;
    let (items, _) = provider.list(LEASE, Json::Null, 0, false).await;
    assert_eq!(items.len(), 1, "what was given back is no more");
}

#[tokio::test]
async fn a_list_of_no_ledger_fails_and_a_filter_that_is_no_phase_is_refused() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let (items, told) = provider.list(ENVIRONMENT, json!({}), 0, false).await;
    assert_eq!(only_error(&told).summary, "Ledger Not Available");
    assert!(
        items.is_empty() && !bench.ledger().exists(),
        "a look makes no ledger"
    );
    for (phase, why) in [
        ("tired", "`tired` is no phase; expected one of `requested`"),
        ("idle", "follows from when the environment was last used"),
        ("released", "is the end of a life"),
    ] {
        let said = provider
            .validate_list(ENVIRONMENT, json!({ "phase": phase }))
            .await;
        let error = only_error(&said);
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            ("Invalid Phase", "phase")
        );
        assert!(error.detail.contains(why), "{error:?}");
    }
}

async fn written(provider: &Provider, type_name: &str, stored: &Stored) -> Json {
    let (config, told) = provider.generate(type_name, &stored.state).await;
    assert_eq!(told, []);
    config
}

#[tokio::test]
async fn an_imported_environment_is_written_without_what_follows_from_the_provider_block() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let plain = json!({"name": "pr-1"});
    let particular = json!({
        "name": "pr-2", "owner": "bob", "on_expiry": "review", "tags": {"stage": "preview"},
        "lifetime": {"max": "48h", "grace": "30m"},
        "pull_request": {"repository": "acme/shop", "number": 7},
        "state": {"backend": "s3", "config": {"bucket": "b", "key": "k"}},
    });
    for config in [plain, particular] {
        let made = provider.create(ENVIRONMENT, config.clone()).await;
        let id = made.state["id"].as_str().expect("an id");
        let imported = provider.import(ENVIRONMENT, id).await;
        let text = written(&provider, ENVIRONMENT, &imported).await;
        let given: serde_json::Map<_, _> = text
            .as_object()
            .expect("an object")
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect();
        let mut expected = config;
        // The ledger keeps the address and not the words for it.
        expected.as_object_mut().expect("an object").remove("state");
        assert_eq!(Json::Object(given), expected);
        let again = provider.plan(ENVIRONMENT, &imported, text).await;
        assert_no_errors(&again.told);
        assert_eq!(again.state["lifetime"], imported.state["lifetime"]);
        assert_eq!(again.state["owner"], imported.state["owner"]);
    }
}

#[tokio::test]
async fn an_imported_lease_is_written_without_its_holder_and_keeps_it() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let config = json!({"ttl": "2h", "holder": "bob", "targets": ["vpn"]});
    let made = provider.create(LEASE, config).await;
    let id = made.state["id"].as_str().expect("an id");
    let imported = provider.import(LEASE, id).await;
    let text = written(&provider, LEASE, &imported).await;
    assert_eq!((&text["holder"], &text["ttl"]), (&Json::Null, &json!("2h")));
    let again = provider.plan(LEASE, &imported, text).await;
    assert_eq!(again.state, imported.state, "no diff after the import");
}

fn without_nulls(value: &Json) -> Json {
    match value {
        Json::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
