//! Changes, reads and imports, with a ledger that moves between Terraform's calls.

use chrono::TimeDelta;
use ledger::clock::{rfc3339, whole_second};
use ledger::environment::{Hold, Lifecycle};
use ledger::event::EventKind;
use ledger::identity::Identity;
use serde_json::{Value as Json, json};

use super::creation::{claim, teardown};
use super::{ENVIRONMENT, whole};
use crate::common::{Bench, with};
use crate::driver::values::UNKNOWN;
use crate::driver::{Stored, assert_no_errors, only_error};

/// `planned` with what is looked up in the apply as it was in `before`: no update knows it ahead.
fn as_seen(planned: &Json, before: &Stored) -> Json {
    ["configuration", "state_address"]
        .iter()
        .fold(planned.clone(), |planned, name| {
            assert_eq!(planned[name], UNKNOWN);
            with(&planned, name, before.state[name].clone())
        })
}

fn named(commit: &str) -> Json {
    json!({"name": "pr-1", "lifetime": {"ttl": "2h", "max": "4h"}, "triggers": {"commit": commit}})
}

#[tokio::test]
async fn a_changed_trigger_renews_and_nothing_else_moves_the_end() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, named("a")).await;
    bench
        .change_environment(&made, |environment| {
            environment.created_at -= TimeDelta::hours(1);
            environment.renewed_at -= TimeDelta::hours(1);
        })
        .await;
    let aged = provider.read(ENVIRONMENT, &made).await;
    let mut owned = named("a");
    owned["owner"] = json!("bob");
    let planned = provider.plan(ENVIRONMENT, &aged, owned.clone()).await;
    assert_eq!(planned.state["expires_at"], aged.state["expires_at"]);
    let owned_by_bob = provider.change(ENVIRONMENT, &aged, owned).await;
    assert_eq!(owned_by_bob.state["expires_at"], aged.state["expires_at"]);

    let planned = provider.plan(ENVIRONMENT, &aged, named("b")).await;
    assert_eq!(planned.state["expires_at"], UNKNOWN);
    assert_eq!(
        planned.state["hard_expires_at"],
        aged.state["hard_expires_at"]
    );
    let book = bench.book().await;
    let before = book.reading().await.expect("the ledger's clock").now;
    let renewed = provider
        .change(ENVIRONMENT, &owned_by_bob, named("b"))
        .await;
    let after = book.reading().await.expect("the ledger's clock").now;
    let record = bench.environment(&made).await;
    // The second of the renewal itself, an hour after the creation: which second that is, the ledger's clock says.
    assert!((whole_second(before)..=whole_second(after)).contains(&record.renewed_at));
    assert!(TimeDelta::hours(1) <= record.renewed_at - record.created_at);
    assert_eq!(renewed.state["expires_at"], rfc3339(record.expires_at()));
    assert_eq!(
        bench.events(&made).await,
        [
            EventKind::Created,
            EventKind::Updated,
            EventKind::Updated,
            EventKind::Updated,
            EventKind::Renewed
        ]
    );
}

#[tokio::test]
async fn a_renewal_after_the_hard_end_is_said_to_have_no_effect() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, named("a")).await;
    bench
        .change_environment(&made, |environment| {
            environment.created_at -= TimeDelta::hours(5);
            environment.renewed_at -= TimeDelta::hours(5);
        })
        .await;
    let aged = provider.read(ENVIRONMENT, &made).await;
    assert_eq!(aged.state["phase"], "expired");
    let renewed = provider.change(ENVIRONMENT, &aged, named("b")).await;
    assert_eq!(renewed.state["expires_at"], aged.state["hard_expires_at"]);
    assert_eq!(renewed.told[0].summary, "Renewal Without Effect");
    assert_eq!(renewed.told[0].at, "triggers");
}

#[tokio::test]
async fn what_was_planned_holds_although_the_ledger_moved_before_the_apply() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, named("a")).await;
    let mut config = named("a");
    config["tags"] = json!({"stage": "preview"});
    let planned = provider.plan(ENVIRONMENT, &made, config.clone()).await;
    let expected = planned.state.clone();
    bench
        .change_environment(&made, |environment| {
            environment.extended_until = Some(environment.created_at + TimeDelta::hours(3));
            environment.running = false;
            environment.hold = Some(Hold {
                by: Identity::claimed("test", "bob"),
                reason: "looking at it".to_owned(),
                since: environment.created_at,
                until: None,
            });
        })
        .await;
    let changed = provider.apply(ENVIRONMENT, planned).await;
    assert_no_errors(&changed.told);
    assert_eq!(as_seen(&expected, &made), changed.state);
    let read = provider.read(ENVIRONMENT, &changed).await;
    assert_eq!(
        (&read.state["running"], &read.state["phase"]),
        (&json!(false), &json!("held"))
    );
    assert_ne!(read.state["expires_at"], expected["expires_at"]);
    let record = bench.environment(&made).await;
    assert!(
        record.hold.is_some() && record.extended_until.is_some(),
        "{record:?}"
    );
    let again = provider.plan(ENVIRONMENT, &read, config).await;
    assert_eq!(again.state, read.state, "what happened outside is no diff");
}

#[tokio::test]
async fn a_changed_configuration_is_kept_anew_with_the_protections_it_holds() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, named("a")).await;
    let before = bench.environment(&made).await.capture.expect("kept");
    assert_eq!(before.prevent_destroy, Vec::<String>::new());
    let protected = "resource \"x\" \"db\" {\n lifecycle { prevent_destroy = true }\n}\n";
    std::fs::write(bench.root().join("db.tf"), protected).expect("written");
    let planned = provider.plan(ENVIRONMENT, &made, named("a")).await;
    assert_eq!(planned.state["configuration"], UNKNOWN);
    assert_eq!(
        as_seen(&planned.state, &made),
        made.state,
        "nothing else changes"
    );
    let changed = provider.apply(ENVIRONMENT, planned).await;
    assert_no_errors(&changed.told);
    let after = bench.environment(&made).await.capture.expect("kept");
    assert_eq!(after.prevent_destroy, ["x.db"]);
    assert_ne!(after.capsule, before.capsule);
    let again = provider.plan(ENVIRONMENT, &changed, named("a")).await;
    assert_eq!(again.state, changed.state);
}

#[tokio::test]
async fn a_configuration_that_changes_between_plan_and_apply_is_kept_as_it_is_then() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, named("a")).await;
    let planned = provider.plan(ENVIRONMENT, &made, named("b")).await;
    std::fs::write(bench.root().join("late.tf"), "# late\n").expect("written");
    let changed = provider.apply(ENVIRONMENT, planned).await;
    assert_no_errors(&changed.told);
    assert_ne!(changed.state["configuration"], made.state["configuration"]);
    let next = provider.plan(ENVIRONMENT, &changed, named("b")).await;
    assert_eq!(next.state, changed.state);
}

#[tokio::test]
async fn a_state_that_moved_is_recorded_where_it_is_now() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    std::fs::create_dir(bench.root().join(".terraform")).expect("made");
    let selected = bench.root().join(".terraform/environment");
    std::fs::write(selected, "blue").expect("written");
    let planned = provider
        .plan(ENVIRONMENT, &made, json!({"name": "pr-1"}))
        .await;
    assert_eq!(planned.state["state_address"], UNKNOWN);
    let moved = provider.apply(ENVIRONMENT, planned).await;
    assert_no_errors(&moved.told);
    let address = moved.state["state_address"].as_str().expect("an address");
    assert!(
        address.ends_with("/terraform.tfstate.d/blue/terraform.tfstate"),
        "{address}"
    );
    assert_eq!(
        bench.events(&made).await,
        [EventKind::Created, EventKind::Updated]
    );
}

#[tokio::test]
async fn a_new_name_replaces_and_nothing_else_does() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, whole()).await;
    let renamed = with(&whole(), "name", json!("pr-129"));
    assert_eq!(
        provider.plan(ENVIRONMENT, &made, renamed).await.replace,
        ["name"]
    );
    let mut other = json!({
        "owner": "bob", "team": "search", "project": "web", "on_expiry": "destroy",
        "lifetime": {"ttl": "1h"}, "tags": {"a": "b"}, "triggers": {},
        "pull_request": null, "state": null,
    });
    other["name"] = json!("pr-128");
    let changed = provider.change(ENVIRONMENT, &made, other).await;
    assert_eq!(changed.state["id"], made.state["id"]);
    assert_eq!(changed.state["pull_request"], Json::Null);
}

#[tokio::test]
async fn what_is_being_destroyed_or_over_cannot_be_changed() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, named("a")).await;
    let fence = claim(&bench, &made).await;
    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Destroying(teardown(environment.created_at, fence));
        })
        .await;
    let planned = provider.plan(ENVIRONMENT, &made, named("b")).await;
    let refused = provider.apply(ENVIRONMENT, planned).await;
    assert_eq!(
        only_error(&refused.told).summary,
        "Environment Is Being Destroyed"
    );
    assert_eq!(refused.state, made.state, "the state stands");

    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Released {
                at: environment.created_at,
                by: Identity::claimed("test", "bob"),
                reason: "gone".to_owned(),
            };
        })
        .await;
    let planned = provider.plan(ENVIRONMENT, &made, named("b")).await;
    let refused = provider.apply(ENVIRONMENT, planned).await;
    assert_eq!(only_error(&refused.told).summary, "Lifetime Already Over");
    let read = provider.read(ENVIRONMENT, &made).await;
    assert_eq!((read.state, read.told), (Json::Null, vec![]));
}

#[tokio::test]
async fn only_the_ledger_that_made_the_promise_can_say_that_it_is_gone() {
    let bench = Bench::new();
    let made = bench.provider().await.create(ENVIRONMENT, named("a")).await;
    let lost = bench.ledger().with_extension("lost");
    std::fs::rename(bench.ledger(), &lost).expect("moved away");
    let provider = bench.provider().await;
    let read = provider.read(ENVIRONMENT, &made).await;
    assert_eq!(only_error(&read.told).summary, "Ledger Not Available");
    assert_eq!(read.state, made.state);

    let other = bench.provider().await;
    let _ = other.create(ENVIRONMENT, json!({"name": "pr-2"})).await;
    for private in [made.private.clone(), Vec::new()] {
        let made = Stored {
            private,
            ..made.clone()
        };
        let read = other.read(ENVIRONMENT, &made).await;
        assert_eq!(only_error(&read.told).summary, "Another Ledger");
        assert_eq!(read.state, made.state);
        let planned = other.plan(ENVIRONMENT, &made, named("b")).await;
        let refused = other.apply(ENVIRONMENT, planned).await;
        assert_eq!(only_error(&refused.told).summary, "Another Ledger");
        let planned = other.plan(ENVIRONMENT, &made, Json::Null).await;
        let refused = other.apply(ENVIRONMENT, planned).await;
        assert_eq!(only_error(&refused.told).summary, "Another Ledger");
        assert_eq!(refused.state, made.state, "a failed delete keeps the state");
    }
}

#[tokio::test]
async fn an_import_brings_everything_but_what_the_ledger_does_not_hold() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, whole()).await;
    let id = made.state["id"].as_str().expect("an id").to_owned();
    for key in [id.as_str(), "pr-128", " pr-128 "] {
        let imported = provider.import(ENVIRONMENT, key).await;
        assert_no_errors(&imported.told);
        for name in ["triggers", "state", "configuration"] {
            assert_eq!(imported.state[name], Json::Null, "{name}");
        }
        let mut filled = imported.state.clone();
        for name in ["triggers", "state", "configuration"] {
            filled[name] = made.state[name].clone();
        }
        assert_eq!(filled, made.state);
        let read = provider.read(ENVIRONMENT, &imported).await;
        assert_eq!(read.private, made.private, "it knows its ledger");
    }
    for key in ["pr-129", "env-nobody", "lease-x", "*", "Not A Name"] {
        let refused = provider.import(ENVIRONMENT, key).await;
        assert_eq!(
            only_error(&refused.told).summary,
            "Nothing To Import",
            "{key}"
        );
    }
}
