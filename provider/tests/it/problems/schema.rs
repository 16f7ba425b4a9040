//! What breaks the schema, beside what breaks the rules of the type. Terraform checks schemas itself and comes only with what
//! keeps them; other clients need not.

use plugin::proto::tfplugin6::ClientCapabilities;
use serde_json::{Value as Json, json};

use super::places;
use crate::common::{Bench, with};
use crate::driver::only_error;

#[tokio::test]
async fn a_resource_says_what_breaks_its_schema_and_its_rules_in_one_go() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let environment = json!({
        "owner": ["a"], "on_expiry": "explode", "id": "x", "colour": "red",
        "lifetime": {"ttl": true, "max": "soon", "pause": "1h"},
        "tags": {"stage": {}, "empty": null},
        "pull_request": {"number": 0, "forge": "svn"},
    });
    let told = provider
        .validate("ephemeral_environment", environment)
        .await;
    let expected = [
        "colour",
        "id",
        r#"lifetime["max"]"#,
        r#"lifetime["pause"]"#,
        r#"lifetime["ttl"]"#,
        "name",
        "on_expiry",
        "owner",
        r#"pull_request["forge"]"#,
        r#"pull_request["number"]"#,
        r#"pull_request["repository"]"#,
        r#"tags["empty"]"#,
        r#"tags["stage"]"#,
    ];
    assert_eq!(places(&told), expected, "{told:#?}");

    let lease = json!({
        "max_ttl": {}, "holder": " ", "targets": ["a", 7, null], "run_token": "hunter2",
    });
    let told = provider.validate("ttl_lease", lease).await;
    let expected = [
        "holder",
        "max_ttl",
        "run_token",
        "targets[1]",
        "targets[2]",
        "ttl",
    ];
    assert_eq!(places(&told), expected, "{told:#?}");
}

#[tokio::test]
async fn data_sources_lists_actions_and_ephemeral_resources_say_all_of_it_too() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let data = json!({"name": 7, "id": "nonsense", "generation": 0.5, "owner": "ana"});
    let told = provider.validate_data("ephemeral_environment", data).await;
    let expected = ["generation", "generation", "id", "name", "owner"];
    assert_eq!(places(&told), expected, "{told:#?}");

    let filters = json!({"owner": true, "phase": "blue", "colour": "red"});
    let told = provider
        .validate_list("ephemeral_environment", filters)
        .await;
    assert_eq!(places(&told), ["colour", "owner", "phase"], "{told:#?}");

    let action = json!({"environment": [], "until": "tomorrow", "reason": " "});
    let told = provider
        .plan_action("ephemeral_environment_extend", action)
        .await;
    let once = ["environment", "reason", "until"];
    assert_eq!(places(&told), once, "{told:#?}");

    let run = json!({"environment": "PR 1", "ttl": 5, "labels": {"a": null}, "token": "hunter2"});
    let told = provider.validate_ephemeral("ttl_lease", run).await;
    let expected = ["environment", r#"labels["a"]"#, "token", "ttl"];
    assert_eq!(places(&told), expected, "{told:#?}");
}

#[tokio::test]
async fn nothing_follows_from_a_value_that_was_refused_already() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    // `by` is there, if wrongly: that neither it nor `until` were set would mislead.
    let action = json!({"environment": "pr-1", "by": true, "reason": "demo"});
    let told = provider
        .plan_action("ephemeral_environment_extend", action)
        .await;
    assert_eq!(places(&told), ["by"], "{told:#?}");
    // So is the `name`.
    let told = provider
        .validate_data("ephemeral_environment", json!({"name": {}}))
        .await;
    assert_eq!(only_error(&told).summary, "Wrong Type");
    // What only the provider sets is not looked at by the rules for what others set.
    let told = provider
        .validate("ttl_lease", json!({"ttl": "1h", "expires_at": "never"}))
        .await;
    assert_eq!(places(&told), ["expires_at"]);
}

#[tokio::test]
async fn a_token_that_may_not_be_given_at_all_is_not_read() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let old = Some(ClientCapabilities::default());
    let config = json!({"ttl": "soon", "run_token": "hunter2"});
    let told = provider.validate_for(old, "ttl_lease", config).await;
    assert_eq!(places(&told), ["run_token", "ttl"], "{told:#?}");
    assert_eq!(told[0].summary, "Write-Only Attribute Not Supported");
}

#[tokio::test]
async fn where_nothing_may_be_unknown_each_unknown_value_is_named() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let unknown = |config: &Json, paths: &[&str]| {
        let unknown = json!(crate::driver::values::UNKNOWN);
        let config = config.clone();
        let set = |config, path: &&str| with(&config, path, unknown.clone());
        paths.iter().fold(config, set)
    };
    let whole = json!({"environment": "pr-1", "by": "1h", "reason": "demo"});
    let config = unknown(&whole, &["by", "reason"]);
    let (_, told) = provider
        .invoke("ephemeral_environment_extend", config)
        .await;
    assert_eq!(places(&told), ["by", "reason"]);

    let whole = json!({"owner": "ana", "tags": {"a": "b"}});
    let config = unknown(&whole, &["owner", "tags.a"]);
    let (_, told) = provider.read_data("ephemeral_environments", config).await;
    assert_eq!(places(&told), ["owner", "tags"]);

    let whole = json!({"owner": "ana", "team": "shop"});
    let config = unknown(&whole, &["owner", "team"]);
    let (_, told) = provider
        .list("ephemeral_environment", config, 0, false)
        .await;
    assert_eq!(places(&told), ["owner", "team"]);

    let whole = json!({"environment": "pr-1", "labels": {"a": "b"}});
    let config = unknown(&whole, &["environment", "labels.a"]);
    let told = provider.open("ttl_lease", config).await.told;
    assert_eq!(places(&told), ["environment", "labels"]);
}
