//! What the provider block decides for environments: defaults, the most, and what happens while it is not known.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Value as Json, json};
use tonic::Request;

use super::ENVIRONMENT;
use crate::common::{Bench, places};
use crate::driver::values::{UNKNOWN, dv, told};
use crate::driver::{Stored, assert_no_errors, only_error};

async fn lifetime(provider: Json, lifetime: Json) -> Json {
    let bench = Bench::new();
    let provider = bench.provider_with(&[], provider).await;
    let config = json!({"name": "pr-1", "lifetime": lifetime});
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    assert_no_errors(&planned.told);
    planned.state["lifetime"].clone()
}

#[tokio::test]
async fn durations_that_nobody_set_have_the_documented_defaults() {
    assert_eq!(
        lifetime(json!({}), Json::Null).await,
        json!({"ttl": "72h", "max": "72h", "idle": "8h", "hibernate_after": "4h", "grace": "1h"})
    );
}

#[tokio::test]
async fn a_default_gives_way_to_a_shorter_limit_that_was_set() {
    let short = lifetime(json!({}), json!({"max": "24h", "idle": "1h"})).await;
    assert_eq!(
        (&short["ttl"], &short["hibernate_after"]),
        (&json!("24h"), &json!("1h"))
    );
    let most = json!({"max_lifetime": {"ttl": "12h", "max": "24h", "grace": "10m"}});
    let limited = lifetime(most, Json::Null).await;
    assert_eq!(
        limited,
        json!({"ttl": "12h", "max": "24h", "idle": "8h", "hibernate_after": "4h", "grace": "10m"})
    );
}

#[tokio::test]
async fn what_a_resource_sets_wins_over_the_providers_default_and_keeps_its_spelling() {
    let provider = json!({"default_lifetime": {"ttl": "3h", "grace": "PT10M"}});
    let set = lifetime(provider, json!({"ttl": "90m"})).await;
    assert_eq!(
        (&set["ttl"], &set["grace"]),
        (&json!("90m"), &json!("PT10M"))
    );
}

#[tokio::test]
async fn a_provider_block_that_contradicts_itself_is_refused() {
    let wrong = [
        (
            json!({"default_lifetime": {"ttl": "0"}}),
            "default_lifetime[\"ttl\"]",
        ),
        (
            json!({"max_lifetime": {"max": "-1h"}}),
            "max_lifetime[\"max\"]",
        ),
        (
            json!({"default_lifetime": {"ttl": "9h"}, "max_lifetime": {"ttl": "8h"}}),
            "default_lifetime[\"ttl\"]",
        ),
        (
            json!({"default_lifetime": {"ttl": "9h", "max": "8h"}}),
            "default_lifetime[\"ttl\"]",
        ),
        (json!({"required_tags": ["a", null]}), "required_tags[1]"),
        (json!({"required_tags": [" "]}), "required_tags[0]"),
        (
            json!({"required_tags": ["stage", "Foo"]}),
            "required_tags[1]",
        ),
        (json!({"tag_rules": ["aws", "ibm"]}), "tag_rules[1]"),
        (json!({"tag_prefix": "Acme Corp:"}), "tag_prefix"),
        (
            json!({"ledger": "postgres://me:hunter2@db/ledger"}),
            "ledger",
        ),
    ];
    for (config, place) in wrong {
        let told = Bench::new()
            .unconfigured(&[])
            .await
            .configure(config.clone())
            .await;
        assert_eq!(places(&told), [place], "{config}: {told:#?}");
        assert!(!format!("{told:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_required_tag_is_judged_by_the_rules_and_the_prefix_that_are_known() {
    for right in [
        json!({"required_tags": ["Foo"], "tag_rules": ["aws", "azure"]}),
        json!({"required_tags": ["Foo"], "tag_rules": [UNKNOWN]}),
        // Alone no label of Google Cloud, and with the prefix one.
        json!({"required_tags": ["1st-owner"]}),
        json!({"required_tags": ["1st-owner"], "tag_prefix": UNKNOWN}),
    ] {
        let told = Bench::new()
            .unconfigured(&[])
            .await
            .configure(right.clone())
            .await;
        assert_eq!(told, [], "{right}");
    }
}

#[tokio::test]
async fn without_a_home_the_ledger_must_be_named() {
    for home in ["", "home/ana"] {
        let variables = [("EPHEMERAL_LEDGER", ""), ("HOME", home)];
        let told = Bench::new()
            .unconfigured(&variables)
            .await
            .configure(json!({}))
            .await;
        let error = only_error(&told);
        assert_eq!(error.summary, "No Place For The Ledger");
        assert!(
            error.detail.contains("EPHEMERAL_LEDGER=sqlite:///"),
            "{error:?}"
        );
        let named = json!({"ledger": "sqlite:///srv/shop/ledger.db"});
        for config in [named, json!({"ledger": UNKNOWN})] {
            let told = Bench::new()
                .unconfigured(&variables)
                .await
                .configure(config)
                .await;
            assert_eq!(told, []);
        }
    }
}

#[tokio::test]
async fn a_wrong_variable_is_refused_by_its_name() {
    for (name, value) in [
        ("EPHEMERAL_LEDGER", "redis://x"),
        ("EPHEMERAL_TAG_PREFIX", "Acme Corp:"),
        ("EPHEMERAL_TAG_RULES", "aws,ibm"),
        ("EPHEMERAL_REQUIRED_TAGS", "stage,Foo"),
        ("EPHEMERAL_DEFAULT_LIFETIME", "ttl=0"),
        ("EPHEMERAL_MAX_LIFETIME", "forever"),
    ] {
        let provider = Bench::new().unconfigured(&[(name, value)]).await;
        let told = provider.configure(json!({})).await;
        let error = only_error(&told);
        assert_eq!(error.summary, "Invalid Environment Variable");
        assert!(error.detail.contains(name), "{error:?}");
    }
}

#[tokio::test]
async fn while_the_ledger_is_not_known_a_refresh_leaves_the_state_as_it_is() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    bench
        .change_environment(&made, |environment| environment.owner = "bob".to_owned())
        .await;
    let config = json!({"ledger": UNKNOWN});
    let early = bench
        .provider_with(&[("EPHEMERAL_LEDGER", "")], config)
        .await;
    let read = early.read(ENVIRONMENT, &made).await;
    assert_eq!((read.state, read.told.len()), (made.state.clone(), 0));
    assert_eq!(read.private, made.private);
    let imported = early.import(ENVIRONMENT, "pr-1").await;
    assert_eq!(only_error(&imported.told).summary, "Ledger Not Known Yet");
    let read = provider.read(ENVIRONMENT, &made).await;
    assert_eq!(read.state["owner"], "bob", "a known ledger is read");
}

#[tokio::test]
async fn another_tag_prefix_changes_the_tags_in_place() {
    let bench = Bench::new();
    let config = json!({"name": "pr-1"});
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, config.clone())
        .await;
    let provider = bench
        .provider_with(&[], json!({"tag_prefix": "acme-"}))
        .await;
    let changed = provider.change(ENVIRONMENT, &made, config.clone()).await;
    assert_eq!(changed.state["default_tags"]["acme-environment"], "pr-1");
    assert_eq!(bench.environment(&made).await.tag_prefix.as_str(), "acme-");
    let read = provider.read(ENVIRONMENT, &changed).await;
    let again = provider.plan(ENVIRONMENT, &read, config).await;
    assert_eq!(again.state, read.state, "a second plan changes nothing");
}

/// Terraform validates first and stops at an error; a client that does not must not get further either.
#[tokio::test]
async fn a_provider_block_that_was_refused_is_not_worked_with_not_even_by_its_defaults() {
    let bench = Bench::new();
    let provider = bench.unconfigured(&[]).await;
    let refused = async || {
        let request = Request::new(proto::configure_provider::Request {
            config: Some(dv(&json!({"ledger": "no place at all"}))),
            ..Default::default()
        });
        let answer = provider.server.configure_provider(request).await;
        let said = told(answer.expect("an answer").into_inner().diagnostics);
        assert_eq!(only_error(&said).at, "ledger");
    };
    refused().await;
    let config = json!({"name": "pr-1"});
    let nothing = Stored::nothing();
    let planned = provider.plan(ENVIRONMENT, &nothing, config.clone()).await;
    let error = only_error(&planned.told);
    assert_eq!(error.summary, "Provider Not Configured");

    // Nor does it take the place of one that was taken.
    assert_no_errors(&provider.configure(json!({})).await);
    refused().await;
    let made = provider.create(ENVIRONMENT, config).await;
    assert_eq!(bench.environment(&made).await.name.as_str(), "pr-1");
}
