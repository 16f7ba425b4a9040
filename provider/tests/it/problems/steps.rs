//! Plans, applies, openings and actions: what is wrong with the values, with who asks and with the token is told together.

use chrono::TimeDelta;
use ledger::book::Record;
use serde_json::{Value as Json, json};

use super::places;
use crate::common::Bench;
use crate::driver::Stored;
use crate::driver::values::UNKNOWN;

const ENVIRONMENT: &str = "ephemeral_environment";
const LEASE: &str = "ttl_lease";

/// A block that wants an identity which nobody here has.
fn strict() -> Json {
    json!({"identity": {"required": true}, "max_lifetime": {"grace": "2h"}})
}

/// A lease that is wrong in three places, and its token in a fourth.
fn wrong_lease() -> Json {
    json!({"ttl": "9h", "max_ttl": "8h", "holder": " ", "targets": [""], "run_token": "hunter2"})
}

#[tokio::test]
async fn a_plan_of_a_lease_says_all_that_is_wrong() {
    let bench = Bench::new();
    let made = bench
        .provider()
        .await
        .create(LEASE, json!({"ttl": "1h"}))
        .await;
    let provider = bench.provider_with(&[], strict()).await;
    for prior in [&Stored::nothing(), &made] {
        let planned = provider.plan(LEASE, prior, wrong_lease()).await;
        let expected = ["", "holder", "run_token", "targets[0]", "ttl"];
        assert_eq!(places(&planned.told), expected, "{:#?}", planned.told);
        assert_eq!(planned.state, Json::Null, "nothing is planned");
    }
    let nothing_new = provider.plan(LEASE, &made, json!({"ttl": "1h"})).await;
    assert_eq!(
        nothing_new.told,
        [],
        "who changes nothing needs no identity"
    );
}

#[tokio::test]
async fn an_apply_of_a_lease_says_all_that_is_wrong_with_what_was_unknown_before() {
    let bench = Bench::new();
    let lax = bench.provider().await;
    let made = lax.create(LEASE, json!({"ttl": "1h"})).await;
    let strict = bench.provider_with(&[], strict()).await;
    for prior in [Stored::nothing(), made] {
        let config = json!({"ttl": UNKNOWN, "max_ttl": UNKNOWN, "holder": UNKNOWN});
        let mut planned = lax.plan(LEASE, &prior, config).await;
        for (name, value) in [("ttl", "9h"), ("max_ttl", "8h"), ("holder", "")] {
            planned.state[name] = json!(value);
            planned.config[name] = json!(value);
        }
        planned.config["run_token"] = json!("hunter2");
        let applied = strict.apply(LEASE, planned).await;
        let expected = ["", "holder", "run_token", "ttl"];
        assert_eq!(places(&applied.told), expected, "{:#?}", applied.told);
        assert_eq!(applied.state, prior.state, "nothing was written");
    }
}

#[tokio::test]
async fn a_plan_and_an_apply_of_an_environment_say_all_that_is_wrong() {
    let bench = Bench::new();
    let lax = bench.provider().await;
    let made = lax.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    let strict = bench.provider_with(&[], strict()).await;
    let wrong = json!({
        "name": "PR 1", "on_expiry": "explode", "tags": {"a": null},
        "lifetime": {"ttl": "9h", "max": "8h", "idle": "1h", "hibernate_after": "2h", "grace": "3h"},
    });
    let expected = [
        "",
        r#"lifetime["grace"]"#,
        r#"lifetime["hibernate_after"]"#,
        r#"lifetime["ttl"]"#,
        "name",
        "on_expiry",
        r#"tags["a"]"#,
    ];
    for prior in [&Stored::nothing(), &made] {
        let planned = strict.plan(ENVIRONMENT, prior, wrong.clone()).await;
        assert_eq!(places(&planned.told), expected, "{:#?}", planned.told);
    }
    let unknown = json!({"name": UNKNOWN, "on_expiry": UNKNOWN, "tags": {"a": UNKNOWN}});
    let mut planned = lax.plan(ENVIRONMENT, &Stored::nothing(), unknown).await;
    for (name, value) in [("name", "PR 1"), ("on_expiry", "explode")] {
        planned.state[name] = json!(value);
        planned.config[name] = json!(value);
    }
    for value in [&mut planned.state, &mut planned.config] {
        value["tags"]["a"] = Json::Null;
    }
    let applied = strict.apply(ENVIRONMENT, planned).await;
    let expected = ["", "name", "on_expiry", r#"tags["a"]"#];
    assert_eq!(places(&applied.told), expected, "{:#?}", applied.told);
    assert_eq!(applied.state, Json::Null);
}

#[tokio::test]
async fn a_tag_is_refused_for_its_key_and_for_its_value() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let config = json!({"name": "pr-1", "tags": {"Stage": "a b"}});
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    let expected = [r#"tags["Stage"]"#; 2];
    assert_eq!(places(&planned.told), expected, "{:#?}", planned.told);
}

#[tokio::test]
async fn lifetimes_contradict_each_other_also_beside_a_duration_that_is_none() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let lifetime = json!({"ttl": "soon", "idle": "1h", "hibernate_after": "2h"});
    let config = json!({"name": "pr-1", "lifetime": lifetime});
    let told = provider.validate(ENVIRONMENT, config).await;
    let expected = [r#"lifetime["hibernate_after"]"#, r#"lifetime["ttl"]"#];
    assert_eq!(places(&told), expected, "{told:#?}");
}

#[tokio::test]
async fn an_opening_and_an_action_say_all_that_is_wrong() {
    let bench = Bench::new();
    let mut block = strict();
    block["ledger"] = json!(UNKNOWN);
    let provider = bench.provider_with(&[], block).await;
    let run = json!({"environment": "PR 1", "ttl": "1s", "labels": {"a": null}});
    let told = provider.open(LEASE, run).await.told;
    let expected = ["", "", "environment", r#"labels["a"]"#, "ttl"];
    assert_eq!(places(&told), expected, "{told:#?}");

    let both = json!({
        "environment": " ", "by": "1h", "until": "2100-01-01T00:00:00Z", "reason": "",
    });
    let (_, told) = provider.invoke("ephemeral_environment_extend", both).await;
    let expected = ["", "", "by", "environment", "reason"];
    assert_eq!(places(&told), expected, "{told:#?}");
    let hold = json!({"environment": "", "until": "tomorrow", "reason": " "});
    let (_, told) = provider.invoke("ephemeral_environment_hold", hold).await;
    let expected = ["", "", "environment", "reason", "until"];
    assert_eq!(places(&told), expected, "{told:#?}");
}

#[tokio::test]
async fn a_refused_wish_points_at_the_argument_that_has_to_change() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let environment = json!({"name": "pr-1", "lifetime": {"max": "72h"}});
    let _ = provider.create(ENVIRONMENT, environment).await;
    let extend =
        |length: &str, value: &str| json!({"environment": "pr-1", length: value, "reason": "demo"});
    for (length, value) in [
        ("by", "900h"),
        ("until", "2100-01-01T00:00:00Z"),
        ("until", "2001-01-01T00:00:00Z"),
    ] {
        let config = extend(length, value);
        let (_, told) = provider
            .invoke("ephemeral_environment_extend", config)
            .await;
        assert_eq!(places(&told), [length], "{told:#?}");
    }
    let hold = |until: &str| json!({"environment": "pr-1", "until": until, "reason": "audit"});
    let (_, told) = provider
        .invoke("ephemeral_environment_hold", hold("2090-01-01T00:00:00Z"))
        .await;
    assert_eq!(told, []);
    for until in ["2080-01-01T00:00:00Z", "2001-01-01T00:00:00Z"] {
        let (_, told) = provider
            .invoke("ephemeral_environment_hold", hold(until))
            .await;
        assert_eq!(places(&told), ["until"], "{told:#?}");
    }
    let leased = provider.create(LEASE, json!({"ttl": "1h"})).await;
    bench
        .change(&leased, |record| match record {
            Record::Lease(lease) => lease.renewed_at -= TimeDelta::hours(2),
            other => panic!("a lease was expected, found {other:?}"),
        })
        .await;
    let ended = json!({"lease": leased.state["id"], "by": "1h", "reason": "demo"});
    let (_, told) = provider.invoke("ttl_lease_extend", ended).await;
    assert_eq!(places(&told), ["lease"], "{told:#?}");
}
