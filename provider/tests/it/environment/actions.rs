//! The actions: what they write, what they refuse, and that they leave the configuration's lifetime alone. Terraform
//! 1.11 cannot call them; the wire can.

use chrono::TimeDelta;
use ledger::{
    book::Record, clock::rfc3339, environment::Lifecycle, event::EventKind, lease::Lease,
};
use serde_json::{Value as Json, json};

use crate::common::{Bench, with};
use crate::driver::values::UNKNOWN;
use crate::driver::{Stored, assert_no_errors, only_error};

const EXTEND: &str = "ephemeral_environment_extend";
const HOLD: &str = "ephemeral_environment_hold";
const EXTEND_LEASE: &str = "ttl_lease_extend";

fn environment() -> Json {
    json!({"name": "pr-1", "lifetime": {"ttl": "8h", "max": "24h"}})
}

fn by(name: &str, span: &str) -> Json {
    json!({"environment": name, "by": span, "reason": "demo for the board"})
}

async fn lease(bench: &Bench, stored: &Stored) -> Lease {
    match bench.record(stored).await.record {
        Record::Lease(lease) => lease,
        other => panic!("a lease was expected, found {other:?}"),
    }
}

#[tokio::test]
async fn an_environment_is_extended_by_name_and_by_id_with_who_and_why_and_without_a_diff() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider
        .create("ephemeral_environment", environment())
        .await;
    let before = bench.environment(&made).await.expires_at();
    let id = made.state["id"].as_str().expect("an id");
    for (name, hours) in [("pr-1", 4), (id, 8)] {
        assert_eq!(provider.plan_action(EXTEND, by(name, "4h")).await, []);
        let (words, told) = provider.invoke(EXTEND, by(name, "4h")).await;
        assert_eq!(told, []);
        let after = bench.environment(&made).await.expires_at();
        assert_eq!(after - before, TimeDelta::hours(hours));
        let [words] = words.as_slice() else {
            panic!("one sentence was expected: {words:?}");
        };
        assert!(words.contains(&rfc3339(after)), "{words}");
    }
    assert_eq!(
        bench.events(&made).await,
        [EventKind::Created, EventKind::Extended, EventKind::Extended]
    );
    let trail = bench.trail(&made).await;
    assert!(
        trail.contains("demo for the board") && trail.contains("tester@localhost"),
        "{trail}"
    );
    let read = provider.read("ephemeral_environment", &made).await;
    let again = provider
        .plan("ephemeral_environment", &read, environment())
        .await;
    assert_eq!(again.state, read.state, "an extension is no diff");
}

#[tokio::test]
async fn an_extension_never_passes_the_hard_end_never_shortens_and_wakes_nothing() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider
        .create("ephemeral_environment", environment())
        .await;
    let until = |text: &str| json!({"environment": "pr-1", "until": text, "reason": "r"});
    for (config, part) in [
        (by("pr-1", "17h"), "no extension can pass"),
        (until("2100-01-01T00:00:00Z"), "The furthest is `until"),
        (until("2001-01-01T00:00:00Z"), "cannot shorten"),
    ] {
        let (words, told) = provider.invoke(EXTEND, config).await;
        let error = only_error(&told);
        assert_eq!((error.summary.as_str(), words.len()), ("Not Extended", 0));
        assert!(error.detail.contains(part), "{error:?}");
    }
    for unknown in ["pr-2", "env-0190163d8694739bac4a5eb0f4a0b2c1", "pr-*"] {
        let (_, told) = provider.invoke(EXTEND, by(unknown, "1h")).await;
        assert_eq!(only_error(&told).summary, "Nothing To Act On", "{unknown}");
    }
    assert_eq!(
        bench.events(&made).await,
        [EventKind::Created],
        "nothing was written"
    );

    provider
        .change("ephemeral_environment", &made, Json::Null)
        .await;
    let (_, told) = provider.invoke(EXTEND, by("pr-1", "1h")).await;
    assert_eq!(only_error(&told).summary, "Nothing To Act On");
}

#[tokio::test]
async fn a_hold_keeps_an_environment_and_is_never_shortened_by_another() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider
        .create("ephemeral_environment", environment())
        .await;
    let until = |text: &str| json!({"environment": "pr-1", "until": text, "reason": "audit"});
    let (words, told) = provider.invoke(HOLD, until("2090-01-01T00:00:00Z")).await;
    assert_eq!((words.len(), told), (1, vec![]));
    let hold = bench.environment(&made).await.hold.expect("it is held");
    assert_eq!(
        (hold.reason.as_str(), hold.until.map(rfc3339)),
        ("audit", Some("2090-01-01T00:00:00Z".to_owned()))
    );
    assert_eq!(
        provider.read("ephemeral_environment", &made).await.state["phase"],
        "held"
    );

    for (shorter, part) in [
        (until("2089-01-01T00:00:00Z"), "already held by"),
        (until("2001-01-01T00:00:00Z"), "over already"),
    ] {
        let (_, told) = provider.invoke(HOLD, shorter).await;
        let error = only_error(&told);
        assert_eq!(error.summary, "Not Held");
        assert!(error.detail.contains(part), "{error:?}");
    }
    let for_ever = json!({"environment": "pr-1", "reason": "audit goes on"});
    let (words, told) = provider.invoke(HOLD, for_ever).await;
    assert_eq!(told, []);
    assert!(words[0].contains("until it is lifted"), "{words:?}");
    assert_eq!(
        bench.events(&made).await,
        [EventKind::Created, EventKind::Held, EventKind::Held]
    );
}

#[tokio::test]
async fn what_a_sweeper_is_at_work_on_is_changed_with_a_warning() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider
        .create("ephemeral_environment", environment())
        .await;
    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Stuck(ledger::environment::Stuck {
                since: environment.created_at,
                passes: 1,
                instances: None,
                inventory: None,
                reason: "no credentials".to_owned(),
                remedy: "give it some".to_owned(),
                retry_at: environment.created_at,
            });
        })
        .await;
    let config = json!({"environment": "pr-1", "reason": "look at it first"});
    let (_, told) = provider.invoke(HOLD, config).await;
    assert_no_errors(&told);
    assert_eq!(told[0].summary, "Perhaps Too Late");
    assert!(bench.environment(&made).await.hold.is_some());
}

#[tokio::test]
async fn a_lease_is_extended_up_to_its_maximum_and_never_revived() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let config = json!({"ttl": "2h", "max_ttl": "6h"});
    let made = provider.create("ttl_lease", config.clone()).await;
    let id = made.state["id"].as_str().expect("an id").to_owned();
    let by = |span: &str| json!({"lease": id, "by": span, "reason": "longer"});
    let (_, told) = provider.invoke(EXTEND_LEASE, by("4h")).await;
    assert_eq!(told, []);
    let record = lease(&bench, &made).await;
    assert_eq!(record.expires_at() - record.created_at, TimeDelta::hours(6));
    assert_eq!(record.fencing_token, 1, "an extension is no grant");
    let (_, told) = provider.invoke(EXTEND_LEASE, by("1h")).await;
    assert_eq!(only_error(&told).summary, "Not Extended");

    provider.change("ttl_lease", &made, Json::Null).await;
    let (_, told) = provider.invoke(EXTEND_LEASE, by("1h")).await;
    let error = only_error(&told);
    assert!(
        error.detail.contains("has expired and cannot be extended"),
        "{error:?}"
    );
    let (_, told) = provider
        .invoke(
            EXTEND,
            json!({"environment": id, "by": "1h", "reason": "r"}),
        )
        .await;
    assert_eq!(
        only_error(&told).summary,
        "Nothing To Act On",
        "a lease is no environment"
    );
}

#[tokio::test]
async fn every_wrong_argument_is_refused_at_its_place_and_unknown_ones_are_left_alone() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let right = json!({"environment": "pr-1", "by": "4h", "until": null, "reason": "r"});
    for (path, wrong, summary) in [
        ("environment", json!(" "), "Empty Value"),
        ("by", json!("4 parsecs"), "Invalid Duration"),
        ("by", Json::Null, "Extension Without A Length"),
        (
            "until",
            json!("2100-01-01T00:00:00Z"),
            "Extension Without A Length",
        ),
        ("reason", json!(""), "Invalid Reason"),
        ("reason", json!("two\nlines"), "Invalid Reason"),
        ("reason", Json::Null, "Missing Required Value"),
    ] {
        let said = provider
            .plan_action(EXTEND, with(&right, path, wrong.clone()))
            .await;
        let error = only_error(&said);
        let place = if summary == "Extension Without A Length" {
            "by"
        } else {
            path
        };
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            (summary, place),
            "{wrong}"
        );
    }
    let hold = json!({"environment": "pr-1", "until": "tomorrow", "reason": "r"});
    let said = provider.plan_action(HOLD, hold).await;
    assert_eq!(
        (
            only_error(&said).summary.as_str(),
            only_error(&said).at.as_str()
        ),
        ("Invalid Time", "until")
    );
    for path in ["environment", "by", "reason"] {
        let unknown = with(&right, path, json!(UNKNOWN));
        assert_eq!(provider.plan_action(EXTEND, unknown).await, [], "{path}");
    }
}
