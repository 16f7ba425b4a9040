//! Over a real handshake: what becomes of a run when signals come to its process, and when the client dies.

use ledger::event::EventKind;
use ledger::run::Life;

use super::real::{
    configured, ends_by_its_ttl, events, look, open, renew, started_with_a_run, stop,
    token_is_refused, token_is_taken, with_open_run,
};
use crate::common::Bench;
use crate::process::{plugin, plugin_of_a_client, signal};

/// Ctrl-C reaches everything in the foreground. What it means is Terraform's to say, by its call.
#[tokio::test]
async fn ctrl_c_at_the_process_group_is_nothing_until_terraform_says_so() {
    let bench = Bench::new();
    let mut process = configured(&bench, plugin().process_group(0)).await;
    let mut opened = open(&mut process, "1h").await;
    let group = -i64::from(process.id());
    signal("INT", group);
    renew(&mut process, &mut opened).await;
    let (run, _) = look(&bench, &opened).await;
    assert_eq!((run.interrupted_at, run.end), (None, None));
    assert!(token_is_taken(&bench, &opened).await);

    stop(&mut process).await;
    assert_eq!(token_is_refused(&bench, &opened).await, "Run Is Over");
    // A second one is from somebody who is in a hurry, and the apply is still to be saved.
    signal("INT", group);
    renew(&mut process, &mut opened).await;
    let (run, life) = look(&bench, &opened).await;
    assert!(matches!(life, Life::Alive { .. }), "{run:?}");
    process.shutdown().await;
    assert_eq!(process.ended().await.status.code(), Some(0));
    assert_eq!(
        events(&bench, &opened).await,
        [EventKind::Opened, EventKind::Interrupted, EventKind::Closed]
    );
}

#[tokio::test]
async fn after_a_termination_the_run_ends_by_its_ttl() {
    let bench = Bench::new();
    let (process, opened) = with_open_run(&bench).await;
    signal("TERM", process.id());
    let ended = process.ended().await;
    assert_eq!(ended.status.code(), Some(0));
    assert!(!ended.left_something);
    ends_by_its_ttl(&bench, &opened).await;
    assert_eq!(events(&bench, &opened).await, [EventKind::Opened]);
}

#[tokio::test]
async fn a_termination_after_a_stop_closes_the_run() {
    let bench = Bench::new();
    let (mut process, opened) = with_open_run(&bench).await;
    stop(&mut process).await;
    signal("TERM", process.id());
    assert_eq!(process.ended().await.status.code(), Some(0));
    let (run, life) = look(&bench, &opened).await;
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
}

#[tokio::test]
async fn a_client_that_was_killed_leaves_the_run_to_its_ttl_and_no_process_behind() {
    let bench = Bench::new();
    let (process, opened) = started_with_a_run(&bench, &mut plugin_of_a_client()).await;
    signal("KILL", process.id());
    // The provider holds the client's standard output, so this waits for both.
    let ended = process.ended().await;
    assert!(!ended.left_something, "the provider ended well");
    ends_by_its_ttl(&bench, &opened).await;
    assert_eq!(events(&bench, &opened).await, [EventKind::Opened]);
}

#[tokio::test]
async fn a_client_that_was_killed_after_a_stop_leaves_a_closed_run() {
    let bench = Bench::new();
    let (mut process, opened) = started_with_a_run(&bench, &mut plugin_of_a_client()).await;
    stop(&mut process).await;
    signal("KILL", process.id());
    assert!(!process.ended().await.left_something);
    let (run, life) = look(&bench, &opened).await;
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
}

#[tokio::test]
async fn after_kill_9_the_run_is_dead_when_its_ttl_is_over_and_not_before() {
    let bench = Bench::new();
    let mut left = Vec::new();
    for stopped in [false, true] {
        let (mut process, opened) = with_open_run(&bench).await;
        if stopped {
            stop(&mut process).await;
        }
        signal("KILL", process.id());
        assert_eq!(process.ended().await.status.code(), None);
        let (run, _) = look(&bench, &opened).await;
        assert_eq!(run.interrupted_at.is_some(), stopped);
        left.push(opened);
    }
    for opened in &left {
        ends_by_its_ttl(&bench, opened).await;
    }
}
