//! Creation: one living record for each name, and no state's name taken by another.

use ledger::environment::{Lifecycle, Teardown, TeardownStep};
use ledger::event::EventKind;
use ledger::id::Fence;
use serde_json::{Value as Json, json};

use super::{ENVIRONMENT, whole};
use crate::common::{Bench, Provider, places};
use crate::driver::{Stored, assert_no_errors, only_error};

async fn attempt(provider: &Provider, config: Json) -> Stored {
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    assert_no_errors(&planned.told);
    provider.apply(ENVIRONMENT, planned).await
}

#[tokio::test]
async fn what_is_created_is_what_the_ledger_has_and_what_is_read_again() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, whole()).await;
    let record = bench.environment(&made).await;
    assert_eq!(made.state["id"], record.id.as_str());
    assert_eq!(made.state["generation"], 1);
    assert_eq!(made.state["phase"], "provisioning");
    assert_eq!(
        made.state["state_address"],
        "s3:bucket=states,key=shop (workspace pr-128)"
    );
    assert_eq!(record.created_by.subject, "tester@localhost");
    assert_eq!(record.lifetime.ttl.spelling(), "24h");
    assert_eq!(
        made.state["tags_all"]["ephemeral-lease-id"],
        record.id.as_str()
    );
    assert_eq!(bench.events(&made).await, [EventKind::Created]);
    let read = provider.read(ENVIRONMENT, &made).await;
    assert_eq!((&read.state, &read.private), (&made.state, &made.private));
    let again = provider.plan(ENVIRONMENT, &read, whole()).await;
    assert_eq!(again.state, made.state, "a second plan changes nothing");
}

#[tokio::test]
async fn creating_again_in_the_same_state_supersedes_what_was_not_saved() {
    let bench = Bench::new();
    let config = json!({"name": "pr-1"});
    let lost = bench
        .provider()
        .await
        .create(ENVIRONMENT, config.clone())
        .await;
    let made = bench.provider().await.create(ENVIRONMENT, config).await;
    assert_eq!(made.state["generation"], 2);
    assert_ne!(made.state["id"], lost.state["id"]);
    let old = bench.environment(&lost).await;
    assert!(
        matches!(old.lifecycle, Lifecycle::Released { .. }),
        "{old:?}"
    );
    assert_eq!(
        bench.events(&lost).await,
        [EventKind::Created, EventKind::Released]
    );
    assert!(!bench.environment(&made).await.is_over());
}

#[tokio::test]
async fn a_living_name_of_another_state_is_refused_on_the_name_and_its_record_is_untouched() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let elsewhere =
        json!({"name": "pr-1", "state": {"backend": "local", "config": {"path": "/srv/x"}}});
    let made = provider.create(ENVIRONMENT, elsewhere).await;
    let before = bench.record(&made).await;
    let refused = attempt(&bench.provider().await, json!({"name": "pr-1"})).await;
    let error = only_error(&refused.told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("Environment Name In Use", "name")
    );
    assert!(error.detail.contains("local:/srv/x"), "{error:?}");
    assert_eq!(refused.state, Json::Null);
    assert_eq!(bench.record(&made).await, before);
}

#[tokio::test]
async fn equal_addresses_that_do_not_tell_states_apart_are_no_proof_of_one_state() {
    for backend in ["http", "pg", "remote", "consul"] {
        let bench = Bench::new();
        let config = json!({"name": "pr-1", "state": {"backend": backend}});
        let made = bench
            .provider()
            .await
            .create(ENVIRONMENT, config.clone())
            .await;
        let refused = attempt(&bench.provider().await, config).await;
        assert_eq!(places(&refused.told), ["name"], "{backend}");
        assert!(!bench.environment(&made).await.is_over(), "{backend}");
    }
}

#[tokio::test]
async fn two_resources_of_one_apply_cannot_have_one_name() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
    let refused = attempt(&provider, json!({"name": "pr-1"})).await;
    let error = only_error(&refused.told);
    assert_eq!(
        (error.summary.as_str(), error.at.as_str()),
        ("Environment Name Used Twice", "name")
    );
    assert!(!bench.environment(&made).await.is_over());
}

#[tokio::test]
async fn a_name_that_was_given_back_lives_again_as_the_next_generation() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for generation in 1..=3 {
        let made = provider.create(ENVIRONMENT, json!({"name": "pr-1"})).await;
        assert_eq!(made.state["generation"], generation);
        let gone = provider.change(ENVIRONMENT, &made, Json::Null).await;
        assert_eq!(gone.state, Json::Null);
    }
    let other = provider.create(ENVIRONMENT, json!({"name": "pr-2"})).await;
    assert_eq!(other.state["generation"], 1, "each name counts for itself");
}

#[tokio::test]
async fn a_rename_that_deletes_and_creates_at_the_same_moment_leaves_one_living_record() {
    let bench = Bench::new();
    let config = json!({"name": "pr-1"});
    let mut made = bench
        .provider()
        .await
        .create(ENVIRONMENT, config.clone())
        .await;
    for generation in 2..30 {
        let provider = bench.provider().await;
        let nothing = Stored::nothing();
        let (away, anew) = (
            provider.plan(ENVIRONMENT, &made, Json::Null).await,
            provider.plan(ENVIRONMENT, &nothing, config.clone()).await,
        );
        let (gone, next) = tokio::join!(
            provider.apply(ENVIRONMENT, away),
            provider.apply(ENVIRONMENT, anew)
        );
        assert_no_errors(&gone.told);
        assert_no_errors(&next.told);
        assert!(bench.environment(&made).await.is_over());
        assert_eq!(next.state["generation"], generation);
        assert!(!bench.environment(&next).await.is_over());
        made = next;
    }
}

#[tokio::test]
async fn what_a_sweeper_is_destroying_at_this_moment_is_not_superseded() {
    let bench = Bench::new();
    let config = json!({"name": "pr-1"});
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, config.clone())
        .await;
    let fence = claim(&bench, &made).await;
    bench
        .change_environment(&made, |environment| {
            environment.lifecycle = Lifecycle::Destroying(teardown(environment.created_at, fence));
        })
        .await;
    let refused = attempt(&bench.provider().await, config).await;
    assert_eq!(places(&refused.told), ["name"]);
    assert!(!bench.environment(&made).await.is_over());
}

#[tokio::test]
async fn a_state_that_cannot_be_found_is_said_and_the_lifetime_recorded_all_the_same() {
    let bench = Bench::new();
    let data = bench.root().join(".terraform");
    std::fs::create_dir(&data).expect("made");
    let secret = r#"{"backend": {"type": "s3", "config": {"secret_key": "hunter2""#;
    std::fs::write(data.join("terraform.tfstate"), secret).expect("written");
    let made = bench
        .provider()
        .await
        .create(ENVIRONMENT, json!({"name": "pr-1"}))
        .await;
    assert_eq!(made.state["state_address"], Json::Null);
    assert_eq!(made.state["phase"], "requested");
    let [warning] = made.told.as_slice() else {
        panic!("one warning was expected: {:?}", made.told)
    };
    assert_eq!(warning.summary, "State Not Discovered");
    assert!(!format!("{:?}", made.told).contains("hunter2"));
    assert_eq!(bench.environment(&made).await.state, None);
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_creates_nothing_and_says_where_it_is() {
    let bench = Bench::new();
    std::fs::create_dir(bench.ledger()).expect("a directory in the ledger's place");
    let refused = attempt(&bench.provider().await, json!({"name": "pr-1"})).await;
    let error = only_error(&refused.told);
    assert_eq!(error.summary, "Ledger Not Available");
    assert!(error.detail.contains("ledger.db"), "{error:?}");
    assert_eq!(refused.state, Json::Null);
}

#[tokio::test]
async fn a_stored_state_is_upgraded_from_its_own_version_unchanged() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(ENVIRONMENT, whole()).await;
    let upgraded = provider.upgrade(ENVIRONMENT, 0, &made.state).await;
    assert_eq!(upgraded.told, []);
    assert_eq!(upgraded.state, made.state);
}

/// A claim of a sweeper on the environment; answers its token.
pub(super) async fn claim(bench: &Bench, stored: &Stored) -> Fence {
    use ledger::book::ClaimRequest;
    use ledger::id::Holder;
    let request = ClaimRequest {
        subject: crate::common::subject(stored),
        holder: Holder("another-host 1".to_owned()),
        span: chrono::TimeDelta::minutes(5),
        renew: None,
    };
    let claimed = bench.book().await.claim(&request).await;
    claimed.expect("it can be claimed").0.fence
}

/// A teardown under the claim `fence`.
pub(super) fn teardown(since: ledger::clock::Timestamp, fence: Fence) -> Teardown {
    Teardown {
        operation: "op-1".to_owned(),
        fence,
        since,
        step: TeardownStep::Applying,
        instances: 3,
        inventory: None,
        host: "another-host".to_owned(),
        work_dir: None,
        process_group: None,
    }
}
