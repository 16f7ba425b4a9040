//! What is refused before anything is created: each problem at its own attribute, all of them at once, and no secret
//! repeated.

use serde_json::{Value as Json, json};

use super::{ENVIRONMENT, whole};
use crate::common::{Bench, places, with};
use crate::driver::values::Told;
use crate::driver::{Stored, only_error};

/// What a plan of a creation says, with `max_lifetime` and `required_tags` configured.
async fn said(config: Json) -> Vec<Told> {
    let bench = Bench::new();
    let strict =
        json!({"max_lifetime": {"ttl": "48h", "grace": "2h"}, "required_tags": ["cost-centre"]});
    let provider = bench.provider_with(&[], strict).await;
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    if planned.told.iter().any(|said| said.is_error) {
        assert_eq!(
            planned.state,
            Json::Null,
            "nothing is planned beside an error"
        );
    }
    assert!(!bench.ledger().exists(), "a refused plan opens no ledger");
    planned.told
}

/// `value` at `path` is refused at `place`, and nothing else is.
async fn refused(path: &str, value: Json, place: &str) -> Told {
    let told = said(with(&whole(), path, value.clone())).await;
    assert_eq!(places(&told), [place], "{path} = {value}: {told:#?}");
    only_error(&told).clone()
}

#[tokio::test]
async fn the_whole_configuration_is_right_as_it_stands() {
    assert_eq!(said(whole()).await, []);
}

#[tokio::test]
async fn a_duration_that_ends_at_once_never_or_nowhere_is_refused_with_an_example() {
    let wrong = [
        "0",
        "0s",
        "PT0S",
        "-1h",
        "72",
        "",
        " ",
        "1mo",
        "1y",
        "forever",
        "500ms",
        "99999999d",
    ];
    for member in ["ttl", "max", "idle", "hibernate_after", "grace"] {
        for text in wrong {
            let place = format!("lifetime[{member:?}]");
            let told = refused(&format!("lifetime.{member}"), json!(text), &place).await;
            assert!(told.detail.contains("for example"), "{text}: {told:?}");
        }
    }
}

#[tokio::test]
async fn every_wrong_value_is_refused_at_its_own_attribute() {
    let long = "x".repeat(64);
    let wrong = [
        ("name", json!("PR_128"), "name"),
        ("name", json!(""), "name"),
        ("name", json!("*"), "name"),
        ("name", json!(long), "name"),
        ("owner", json!(""), "owner"),
        ("owner", json!("Ana Müller"), "owner"),
        ("team", json!(""), "team"),
        ("project", json!("a/b"), "project"),
        ("lifetime.ttl", json!("60h"), "lifetime[\"ttl\"]"),
        ("lifetime.grace", json!("3h"), "lifetime[\"grace\"]"),
        ("lifetime.max", json!("12h"), "lifetime[\"ttl\"]"),
        (
            "lifetime.hibernate_after",
            json!("9h"),
            "lifetime[\"hibernate_after\"]",
        ),
        ("tags.stage", Json::Null, "tags[\"stage\"]"),
        ("tags.stage", json!(long), "tags[\"stage\"]"),
        ("tags.stage", json!("a b"), "tags[\"stage\"]"),
        ("tags", json!({"cost-centre": "1", "": "x"}), "tags[\"\"]"),
        ("tags", json!({"stage": "preview"}), "tags"),
        ("tags", Json::Null, "tags"),
        (
            "pull_request.forge",
            json!("sourceforge"),
            "pull_request[\"forge\"]",
        ),
        (
            "pull_request.repository",
            json!("shop"),
            "pull_request[\"repository\"]",
        ),
        ("pull_request.number", json!(0), "pull_request[\"number\"]"),
        ("pull_request.number", json!(-1), "pull_request[\"number\"]"),
        (
            "pull_request.number",
            json!(1.5),
            "pull_request[\"number\"]",
        ),
        (
            "pull_request.number",
            json!(1e20),
            "pull_request[\"number\"]",
        ),
        ("state.backend", json!(""), "state[\"backend\"]"),
        ("state.workspace", json!(""), "state[\"workspace\"]"),
        (
            "state.config",
            json!({"secret_key": "hunter2"}),
            "state[\"config\"]",
        ),
        (
            "state.config",
            json!({"bucket": Json::Null}),
            "state[\"config\"]",
        ),
        ("on_expiry", json!("explode"), "on_expiry"),
    ];
    for (path, value, place) in wrong {
        let _ = refused(path, value, place).await;
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_type_or_of_an_unknown_attribute_is_refused_and_never_a_panic() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let wrong = [
        ("name", json!(["a"]), "name"),
        ("name", json!({}), "name"),
        ("lifetime", json!("72h"), "lifetime"),
        ("lifetime", json!(["72h"]), "lifetime"),
        ("tags", json!(["a"]), "tags"),
        ("tags", json!(true), "tags"),
        ("tags.stage", json!({}), "tags[\"stage\"]"),
        (
            "pull_request.number",
            json!("many"),
            "pull_request[\"number\"]",
        ),
        ("triggers", json!(1), "triggers"),
        ("state", json!([]), "state"),
    ];
    for (path, value, place) in wrong {
        let config = with(&whole(), path, value.clone());
        let told = provider.validate(ENVIRONMENT, config).await;
        assert_eq!(places(&told), [place], "{path} = {value}: {told:#?}");
    }
    let mut config = whole();
    config["colour"] = json!("red");
    let told = provider.validate(ENVIRONMENT, config).await;
    assert!(only_error(&told).detail.contains("colour"), "{told:?}");
}

#[tokio::test]
async fn null_is_refused_where_a_value_is_required_and_a_value_where_only_the_provider_sets_one() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let required = [
        "name",
        "pull_request.repository",
        "pull_request.number",
        "state.backend",
    ];
    for path in required {
        let told = provider
            .validate(ENVIRONMENT, with(&whole(), path, Json::Null))
            .await;
        assert_eq!(
            only_error(&told).summary,
            "Missing Required Value",
            "{path}"
        );
    }
    for name in [
        "id",
        "generation",
        "created_at",
        "expires_at",
        "hard_expires_at",
        "phase",
        "running",
        "state_address",
        "configuration",
        "default_tags",
        "tags_all",
    ] {
        let mut config = whole();
        config[name] = match name {
            "generation" => json!(1),
            "running" => json!(true),
            "default_tags" | "tags_all" => json!({}),
            _ => json!("x"),
        };
        let told = provider.validate(ENVIRONMENT, config).await;
        assert_eq!(places(&told), [name], "{told:?}");
    }
}

#[tokio::test]
async fn all_problems_are_reported_at_once_each_at_its_own_attribute() {
    let told = said(json!({
        "name": "PR 128", "owner": "a b", "team": "", "project": "ü",
        "lifetime": {"ttl": "0", "max": "soon", "grace": "9h"},
        "tags": {"Stage": "x", "null": null, "long": "y".repeat(300)},
        "pull_request": {"forge": "svn", "repository": "shop", "number": 0.5},
        "state": {"backend": "s3", "config": {"secret_key": "hunter2"}},
        "on_expiry": "explode",
    }))
    .await;
    assert_eq!(
        places(&told),
        [
            "lifetime[\"grace\"]",
            "lifetime[\"max\"]",
            "lifetime[\"ttl\"]",
            "name",
            "on_expiry",
            "owner",
            "project",
            "pull_request[\"forge\"]",
            "pull_request[\"number\"]",
            "pull_request[\"repository\"]",
            "state[\"config\"]",
            "tags",
            "tags[\"Stage\"]",
            "tags[\"long\"]",
            "tags[\"null\"]",
            "team",
        ]
    );
}

#[tokio::test]
async fn what_needs_no_configuration_is_refused_at_validate_already() {
    let bench = Bench::new();
    let provider = bench.unconfigured(&[]).await;
    let config = with(&whole(), "lifetime.ttl", json!("0"));
    let config = with(&config, "state.config", json!({"password": "x"}));
    let told = provider.validate(ENVIRONMENT, config).await;
    assert_eq!(places(&told), ["lifetime[\"ttl\"]", "state[\"config\"]"]);
}

#[tokio::test]
async fn an_environment_nobody_answers_for_is_refused_with_the_ways_to_name_somebody() {
    let bench = Bench::new();
    let provider = bench
        .provider_with(&[("EPHEMERAL_DEFAULT_OWNER", "")], json!({}))
        .await;
    let config = json!({"name": "pr-1"});
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    let error = only_error(&planned.told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("Missing Owner", "owner")
    );
    for way in [
        "owner = \"ana\"",
        "default_owner",
        "EPHEMERAL_DEFAULT_OWNER",
    ] {
        assert!(error.detail.contains(way), "{error:?}");
    }
}

#[tokio::test]
async fn a_required_tag_may_be_declared_with_or_without_the_prefix_or_be_a_standard_one() {
    let bench = Bench::new();
    let config =
        json!({"required_tags": ["cost-centre", "team", "ephemeral-owner", "pull-request"]});
    let provider = bench.provider_with(&[], config).await;
    let plan = async |config: Json| {
        provider
            .plan(ENVIRONMENT, &Stored::nothing(), config)
            .await
            .told
    };
    let right = json!({
        "name": "pr-1", "team": "checkout", "tags": {"ephemeral-cost-centre": "1"},
        "pull_request": {"repository": "acme/shop", "number": 1},
    });
    assert_eq!(plan(right).await, []);
    let told = plan(json!({"name": "pr-1"})).await;
    let error = only_error(&told);
    assert!(
        error.detail.contains("cost-centre, team, pull-request"),
        "{error:?}"
    );
    assert_eq!(error.at, "tags");
}

#[tokio::test]
async fn declared_and_standard_tags_together_are_no_more_than_an_object_carries() {
    let tags = |count: usize| -> Json {
        let declared = (1..count).map(|place| (format!("tag-{place}"), json!("x")));
        declared
            .chain([("cost-centre".to_owned(), json!("1"))])
            .collect()
    };
    // Seven standard tags follow from the whole configuration, and two from the creation.
    let planned = said(with(&whole(), "tags", tags(41))).await;
    assert_eq!(planned, []);
    let told = refused("tags", tags(42), "tags").await;
    assert!(told.detail.contains("42 tags are 51 tags"), "{told:?}");
}

#[tokio::test]
async fn an_empty_value_is_not_what_was_required() {
    for empty in ["", " "] {
        let bench = Bench::new();
        // Azure alone takes a blank, so that nothing else is wrong with it.
        let config = json!({"required_tags": ["cost-centre"], "tag_rules": ["azure"]});
        let provider = bench.provider_with(&[], config).await;
        let config = json!({"name": "pr-1", "tags": {"cost-centre": empty}});
        let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
        let told = planned.told;
        let error = only_error(&told);
        assert_eq!(
            (error.at.as_str(), error.summary.as_str()),
            ("tags", "Missing Required Tags")
        );
    }
}

#[tokio::test]
async fn a_tag_that_the_provider_sets_itself_is_refused_at_its_key() {
    for key in [
        "ephemeral-owner",
        "ephemeral-team",
        "ephemeral-created-at",
        "ephemeral-lease-id",
    ] {
        let tags = json!({"cost-centre": "1", key: "joe"});
        let told = refused("tags", tags, &format!("tags[\"{key}\"]")).await;
        assert_eq!(told.summary, "Reserved Tag");
    }
    // What says something to the sweeper is for people to set.
    let protect = json!({"cost-centre": "1", "ephemeral-protect": "true"});
    assert_eq!(said(with(&whole(), "tags", protect)).await, []);
}

#[tokio::test]
async fn no_error_repeats_what_may_be_a_secret() {
    let secret = "hunter2 is not for the log";
    let config = json!({
        "name": "pr-1", "owner": secret, "team": secret, "project": secret,
        "tags": {"token": secret, "cost-centre": "x".repeat(100) + secret},
        "state": {"backend": "s3", "config": {"secret_key": secret, "bucket": secret}},
    });
    let told = said(config).await;
    assert_eq!(places(&told).len(), 6, "{told:#?}");
    let text = format!("{told:?}");
    assert!(!text.contains("hunter2"), "{text}");
}
