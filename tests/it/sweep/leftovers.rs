//! What a killed sweeper left on its host is cleared up by the next sweep, whatever became of the record meanwhile.

use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance::workspace::TerraformWorkspace;
use acceptance::{Sweeper, World, wait_for};
use ledger::environment::Lifecycle;

use super::kept::{environment, kept};
use super::resume::slow;
use super::{LONG, apply, phase, sweeper, wait_until_due};

/// How long a sweep with a claim of two seconds may take on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// What lies in the directory for work, by full path.
fn work_dirs(base: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(base).expect("listed");
    let paths = all.map(|entry| entry.expect("readable").path());
    paths
        .filter(|path| path.to_string_lossy().contains("/ephemeral-sweep-"))
        .collect()
}

/// A sweeper with a place for work of its own, and a slow environment that is due.
fn due<'world>(world: &'world World) -> (Sweeper<'world>, TerraformWorkspace<'world>, PathBuf) {
    apply(world, "live", LONG);
    let base = world.root().join("work");
    std::fs::create_dir(&base).expect("made");
    let sweeper = sweeper(world)
        .with_env("EPHEMERAL_CLAIM", "2s")
        .with_env("EPHEMERAL_WORK_DIR", &base.to_string_lossy());
    let workspace = slow(world, "slow");
    wait_until_due(&sweeper, 1);
    (sweeper, workspace, base)
}

/// The same, with a sweeper that was killed in the middle of its destroy, and the directory it left.
fn killed<'world>(
    world: &'world World,
) -> (
    Sweeper<'world>,
    TerraformWorkspace<'world>,
    PathBuf,
    PathBuf,
) {
    let (sweeper, workspace, base) = due(world);
    let mut killed = sweeper.spawn(&["apply", "--auto-approve"]);
    wait_for("the destroy to be under way", LONG_ENOUGH, || {
        workspace.path("witness").exists()
    });
    killed.kill9();
    killed.wait(LONG_ENOUGH);
    let left = work_dirs(&base);
    let [directory] = left.as_slice() else {
        panic!("one work directory is left: {left:?}");
    };
    assert!(directory.join("destroy.plan").is_file());
    let directory = directory.clone();
    (sweeper, workspace, base, directory)
}

#[test]
fn a_hold_after_a_sweeper_was_killed_keeps_the_record_and_not_its_work_directory() {
    let world = World::new();
    let (sweeper, workspace, base, directory) = killed(&world);
    let hold = ["hold", "slow", "--reason", "wait"];
    sweeper.run(&hold).expect_success();
    wait_for("a sweep to clear up", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        !directory.exists()
    });
    assert!(work_dirs(&base).is_empty(), "{:?}", work_dirs(&base));
    assert_eq!(phase(&sweeper, "slow"), "held");
    let Lifecycle::Destroying(teardown) = environment(&world, "slow").lifecycle else {
        panic!("its teardown is not at its end");
    };
    assert_eq!((teardown.work_dir, teardown.process_group), (None, None));
    // Nothing of the killed sweeper is at work any more: the state is whole, and free.
    let left = workspace.addresses();
    let list = ["plan", "-input=false", "-no-color", "-lock-timeout=0s"];
    workspace.terraform(&list).expect_success();
    sweeper.run(&["apply", "--auto-approve"]);
    assert_eq!(workspace.addresses(), left, "held is held");

    let unhold = ["unhold", "slow", "--reason", "done"];
    sweeper.run(&unhold).expect_success();
    wait_for("the teardown to be finished", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        phase(&sweeper, "slow") == "destroyed"
    });
    sweeper.run(&["audit", "verify"]).expect_success();
}

#[test]
fn a_release_after_a_sweeper_was_killed_leaves_no_state_in_clear_behind() {
    let world = World::new();
    let (sweeper, workspace, base, directory) = killed(&world);
    let mut state = Vec::new();
    // The terraform of the killed sweeper is still at work, and writes its file in place.
    wait_for("a state that is not being written", LONG_ENOUGH, || {
        state = std::fs::read(workspace.path("terraform.tfstate")).expect("a state");
        serde_json::from_slice::<serde_json::Value>(&state).is_ok()
    });
    std::fs::write(directory.join("root/errored.tfstate"), state).expect("written");
    let release = ["release", "slow", "--reason", "it is ours now"];
    wait_for("the claim to be over", LONG_ENOUGH, || {
        sweeper.run(&release).code() == 0
    });
    assert_eq!(phase(&sweeper, "slow"), "released");
    wait_for("a sweep to clear up", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        !directory.exists()
    });
    assert!(work_dirs(&base).is_empty(), "{:?}", work_dirs(&base));
    let sealed = kept(&sweeper);
    let [sealed] = sealed.as_slice() else {
        panic!("the state that could not be saved is kept: {sealed:?}");
    };
    assert!(sealed.to_string_lossy().ends_with(".sealed"), "{sealed:?}");
    assert_eq!(phase(&sweeper, "slow"), "released");
    sweeper.run(&["audit", "verify"]).expect_success();
}

#[test]
fn where_a_living_sweeper_works_another_one_clears_nothing() {
    let world = World::new();
    let (sweeper, workspace, base) = due(&world);
    let mut at_work = sweeper.spawn(&["apply", "--auto-approve"]);
    wait_for("the destroy to be under way", LONG_ENOUGH, || {
        workspace.path("witness").exists()
    });
    let before = work_dirs(&base);
    assert_eq!(before.len(), 1, "{before:?}");
    let other = sweeper.run(&["apply", "--auto-approve"]);
    other.expect_not_saying("cannot clean up");
    at_work.wait(LONG_ENOUGH).expect_success();
    assert_eq!(phase(&sweeper, "slow"), "destroyed");
    assert!(work_dirs(&base).is_empty(), "{:?}", work_dirs(&base));
    assert_eq!(
        workspace.read("witness"),
        "begun\nended\n",
        "once, and whole"
    );
}
