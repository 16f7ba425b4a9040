//! Forgotten half way: a step between the outside world and the state was cut off, and one of the two forgot. Here terraform is killed
//! exactly between our answer and its state; the next run finds both in agreement, with one living record.

use std::time::Duration;

use acceptance::{RunningProcess, World, wait_for};
use ledger::event::EventKind;
use nix::sys::signal::{Signal, kill};

use crate::terraform::ledger::{Ledger, ends};
use crate::terraform::{THIS, apply, environment, state_file};

const LIMIT: Duration = Duration::from_secs(60);

/// Lets the provider answer `running` and kills terraform before it can write that down.
fn kill_between(
    ledger: &Ledger,
    mut running: RunningProcess,
    said: &str,
    written: impl Fn() -> bool,
) {
    let lock = ledger.lock();
    running.wait_for_output(said, LIMIT);
    ledger.wait_until_opened_elsewhere();
    kill(running.id(), Signal::SIGSTOP).expect("terraform can be stopped");
    drop(lock);
    wait_for("the provider's write", LIMIT, written);
    running.kill9();
    running.wait(LIMIT).expect_exit(128 + 9);
}

#[test]
fn a_creation_that_was_not_saved_is_superseded_by_the_next_one() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &environment("pr-1", ""));
    let running = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    kill_between(&ledger, running, "this: Creating...", || {
        !ledger.living().is_empty()
    });
    assert!(
        !workspace.addresses().contains(&THIS.to_owned()),
        "terraform forgot it"
    );
    let lost = ledger.environment();

    workspace.apply().expect_success();
    workspace.expect_no_changes();
    assert_eq!(
        ends(&ledger.environments()),
        [("pr-1", 1, "released"), ("pr-1", 2, "living")]
    );
    let living = &ledger.living()[0];
    assert_ne!(living.id, lost.id);
    assert_eq!(workspace.attribute(THIS, "id"), living.id.as_str());
    assert_eq!(ledger.events(&lost).len(), 2, "the chain tells of both");
}

#[test]
fn a_release_that_was_not_saved_is_found_gone_and_not_made_twice() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let ledger = Ledger::of(&world);
    let before = state_file(&workspace);
    let target = format!("-target={THIS}");
    let running = workspace.spawn(&["destroy", "-auto-approve", "-no-color", &target]);
    kill_between(&ledger, running, "this: Destroying...", || {
        ledger.living().is_empty()
    });
    assert_eq!(
        state_file(&workspace),
        before,
        "terraform still believes in it"
    );
    let released = ledger.environment();

    workspace.destroy().expect_success();
    assert_eq!(workspace.addresses(), Vec::<String>::new());
    assert_eq!(
        ledger.environment(),
        released,
        "a tombstone is written once"
    );
    assert_eq!(ledger.events(&released).len(), 2);
}

#[test]
fn a_renewal_that_was_not_saved_is_seen_by_the_next_refresh() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "triggers = { commit = \"a\" }");
    let ledger = Ledger::of(&world);
    let created = ledger.environment();
    workspace.write(
        "main.tf",
        &environment("pr-1", "triggers = { commit = \"b\" }"),
    );
    let running = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    kill_between(&ledger, running, "this: Modifying...", || {
        ledger.events(&created).contains(&EventKind::Renewed)
    });
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    let record = ledger.environment();
    assert_eq!(
        (record.id, record.created_at),
        (created.id, created.created_at)
    );
}
