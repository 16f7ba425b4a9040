//! The provider block: what is wrong with it shows when it is validated, and what only the invocation tells shows when it is
//! taken.

use plugin::proto::tfplugin6::configure_provider;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Value as Json, json};
use tonic::Request;

use super::places;
use crate::common::{Bench, Provider};
use crate::driver::values::{Told, UNKNOWN, dv, told};
use crate::driver::{core, only_error};

/// What `ConfigureProvider` alone says, as from a client that validates nothing.
async fn taken(provider: &Provider, config: &Json) -> Vec<Told> {
    let block = provider.schema.provider.clone();
    let block = block.and_then(|schema| schema.block).unwrap_or_default();
    let request = configure_provider::Request {
        terraform_version: "1.11.4".to_owned(),
        config: Some(dv(&core::complete(&block, config))),
        client_capabilities: None,
    };
    let answer = provider.server.configure_provider(Request::new(request));
    told(answer.await.expect("an answer").into_inner().diagnostics)
}

#[tokio::test]
async fn what_breaks_the_schema_and_what_the_arguments_mean_is_told_together() {
    let provider = Bench::new().unconfigured(&[]).await;
    let wrong = json!({
        "ledger": "redis://x", "default_owner": {}, "default_team": " ", "colour": "red",
        "run_token": "hunter2", "required_tags": ["a", ""], "tag_rules": ["ibm"],
        "default_lifetime": {"ttl": "9h", "max": "8h", "idle": "1h", "hibernate_after": "2h"},
        "max_lifetime": {"ttl": "soon", "grace": true},
        "identity": {"audience": "", "required": "yes"},
    });
    let expected = [
        "colour",
        r#"default_lifetime["hibernate_after"]"#,
        r#"default_lifetime["ttl"]"#,
        "default_owner",
        "default_team",
        r#"identity["audience"]"#,
        r#"identity["required"]"#,
        "ledger",
        r#"max_lifetime["grace"]"#,
        r#"max_lifetime["ttl"]"#,
        "required_tags[1]",
        "run_token",
        "tag_rules[0]",
    ];
    let told = provider.configure(wrong).await;
    assert_eq!(places(&told), expected, "{told:#?}");
}

#[tokio::test]
async fn a_block_that_is_wrong_is_not_taken_and_nobody_is_asked_on_its_behalf() {
    let homeless = [("EPHEMERAL_LEDGER", ""), ("HOME", "")];
    let provider = Bench::new().unconfigured(&homeless).await;
    let wrong = json!({
        "default_owner": "", "run_token": "hunter2", "max_lifetime": {"ttl": "0"},
    });
    let told = taken(&provider, &wrong).await;
    let expected = [
        "default_owner",
        "ledger",
        r#"max_lifetime["ttl"]"#,
        "run_token",
    ];
    assert_eq!(places(&told), expected, "{told:#?}");
    let opened = provider.open("ttl_lease", json!({})).await;
    assert_eq!(only_error(&opened.told).summary, "Provider Not Configured");

    // A ledger that was named wrongly is not a ledger that nobody named.
    let wrong = json!({"ledger": "redis://x"});
    assert_eq!(places(&taken(&provider, &wrong).await), ["ledger"]);
}

#[tokio::test]
async fn a_refused_identity_and_a_refused_run_are_told_together() {
    let bench = Bench::new();
    let provider = bench
        .unconfigured(&[("EPHEMERAL_ID_TOKEN", "hunter2.hunter2.hunter2")])
        .await;
    let nobodys = format!("run-a.{}", "0".repeat(64));
    let told = provider.configure(json!({"run_token": nobodys})).await;
    assert_eq!(places(&told), ["identity", "run_token"], "{told:#?}");
}

#[tokio::test]
async fn a_text_that_says_nothing_is_refused_where_it_stands_with_an_example() {
    for blank in ["", " ", "\t\n"] {
        for (argument, example) in [
            ("default_owner", "default_owner = \"ana\""),
            ("default_team", "default_team = \"checkout\""),
            ("default_project", "default_project = \"shop\""),
            ("tag_prefix", "tag_prefix = \"ephemeral-\""),
            ("ledger", "for example `sqlite:///"),
            ("run_token", "ephemeral.ttl_lease"),
        ] {
            let provider = Bench::new().unconfigured(&[]).await;
            // Azure takes a blank in a key, and says nothing of it.
            let config = json!({argument: blank, "tag_rules": ["azure"]});
            let told = provider.configure(config).await;
            let error = only_error(&told);
            assert_eq!(error.at, argument, "{blank:?}: {error:?}");
            assert!(error.detail.contains(example), "{argument}: {error:?}");
        }
    }
    for name in [
        "EPHEMERAL_DEFAULT_OWNER",
        "EPHEMERAL_DEFAULT_TEAM",
        "EPHEMERAL_DEFAULT_PROJECT",
        "EPHEMERAL_TAG_PREFIX",
        "EPHEMERAL_IDENTITY_AUDIENCE",
        "EPHEMERAL_IDENTITY_TOKEN_FILE",
        "EPHEMERAL_IDENTITY_TOKEN_VARIABLE",
    ] {
        let provider = Bench::new().unconfigured(&[(name, " ")]).await;
        let told = provider.configure(json!({"tag_rules": ["azure"]})).await;
        let error = only_error(&told);
        assert_eq!(error.summary, "Invalid Environment Variable");
        assert!(error.detail.contains(name), "{error:?}");
    }
    let unknown = json!({"default_owner": UNKNOWN, "tag_prefix": UNKNOWN, "run_token": UNKNOWN});
    assert_eq!(
        Bench::new()
            .unconfigured(&[])
            .await
            .configure(unknown)
            .await,
        []
    );
}

#[tokio::test]
async fn durations_that_contradict_each_other_are_wrong_where_they_were_chosen() {
    let chosen = ("EPHEMERAL_DEFAULT_LIFETIME", "ttl=9h,max=8h");
    let limit = json!({"max_lifetime": {"grace": "1h"}, "default_lifetime": {"grace": "2h"}});
    let told = Bench::new()
        .unconfigured(&[chosen])
        .await
        .configure(limit)
        .await;
    assert_eq!(places(&told), ["", r#"default_lifetime["grace"]"#]);
    let by_variable = told.iter().find(|said| said.at.is_empty());
    let detail = &by_variable.expect("it was found").detail;
    assert!(
        detail.contains(chosen.0) && detail.contains("`ttl` (9h)"),
        "{detail}"
    );

    let most = [("EPHEMERAL_MAX_LIFETIME", "ttl=3h"), chosen];
    let told = Bench::new()
        .unconfigured(&most)
        .await
        .configure(json!({"default_lifetime": {"max": "24h"}}))
        .await;
    let error = only_error(&told);
    assert_eq!(error.summary, "Invalid Environment Variable");
    assert!(error.detail.contains("at most 3h"), "{error:?}");
}
