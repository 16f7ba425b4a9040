//! Over a real handshake: what becomes of runs when Terraform renews and closes them, and when it asks for the shutdown.

use ledger::event::EventKind;
use ledger::run::Life;

use super::real::{
    PAUSE, close, configured, ends_by_its_ttl, events, look, open, renew, stop, token_is_refused,
    until, with_open_run,
};
use crate::common::Bench;
use crate::process::{PATIENCE, plugin};

#[tokio::test]
async fn a_renewal_over_the_wire_is_a_sign_of_life_and_a_close_the_end() {
    let bench = Bench::new();
    let (mut process, mut opened) = with_open_run(&bench).await;
    let (first, _) = look(&bench, &opened).await;
    // Terraform closes with what the opening gave, not with what the last renewal did.
    let private = opened.private.clone();
    let renewals = async {
        while look(&bench, &opened).await.0.renewed_at <= first.renewed_at {
            renew(&mut process, &mut opened).await;
            tokio::time::sleep(PAUSE).await;
        }
    };
    let renewed = tokio::time::timeout(PATIENCE, renewals).await;
    renewed.expect("the ledger's clock goes on");
    opened.private = private;
    close(&mut process, &opened).await;
    let (run, life) = look(&bench, &opened).await;
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
    assert_eq!(token_is_refused(&bench, &opened).await, "Run Is Over");
}

#[tokio::test]
async fn a_shutdown_without_a_close_leaves_the_run_to_its_ttl() {
    let bench = Bench::new();
    let (mut process, opened) = with_open_run(&bench).await;
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    let (run, _) = look(&bench, &opened).await;
    assert_eq!((run.end, run.interrupted_at), (None, None));
    ends_by_its_ttl(&bench, &opened).await;
}

#[tokio::test]
async fn after_a_stop_the_token_is_dead_and_the_run_alive_until_the_shutdown() {
    let bench = Bench::new();
    let (mut process, opened) = with_open_run(&bench).await;
    stop(&mut process).await;
    assert_eq!(token_is_refused(&bench, &opened).await, "Run Is Over");

    // Nobody renews it over the wire, and it outlives its first ttl while the process does.
    let (first, _) = look(&bench, &opened).await;
    until(&bench, &opened, |run, life| {
        assert!(matches!(life, Life::Alive { .. }), "{run:?}");
        first.alive_until() < run.renewed_at
    })
    .await;
    process.shutdown().await;
    let (run, life) = look(&bench, &opened).await;
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
    assert_eq!(process.ended().await.status.code(), Some(0));
    assert_eq!(
        events(&bench, &opened).await,
        [EventKind::Opened, EventKind::Interrupted, EventKind::Closed]
    );
}

#[tokio::test]
async fn of_several_runs_each_ends_as_what_happened_to_it() {
    let bench = Bench::new();
    let mut process = configured(&bench, &mut plugin()).await;
    let closed = open(&mut process, "1h").await;
    let (one, two) = (
        open(&mut process, "1h").await,
        open(&mut process, "5s").await,
    );
    close(&mut process, &closed).await;
    stop(&mut process).await;
    let (first, _) = look(&bench, &two).await;
    until(&bench, &two, |run, _| first.alive_until() < run.renewed_at).await;
    let (run, life) = look(&bench, &one).await;
    assert!(matches!(life, Life::Alive { .. }), "{run:?}");
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    for open in [&one, &two] {
        assert_eq!(
            events(&bench, open).await,
            [EventKind::Opened, EventKind::Interrupted, EventKind::Closed]
        );
    }
    assert_eq!(
        events(&bench, &closed).await,
        [EventKind::Opened, EventKind::Closed]
    );
}

/// What Terraform began before Ctrl-C may arrive after it.
#[tokio::test]
async fn a_run_that_is_opened_after_a_stop_is_interrupted_like_the_others() {
    let bench = Bench::new();
    let mut process = configured(&bench, &mut plugin()).await;
    stop(&mut process).await;
    let late = open(&mut process, "5s").await;
    until(&bench, &late, |run, _| run.interrupted_at.is_some()).await;
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    let (run, life) = look(&bench, &late).await;
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
}
