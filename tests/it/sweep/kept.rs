//! A state that terraform could not save: sealed, pushed back by the next sweep, and never where it does not belong.

use std::path::{Path, PathBuf};
use std::time::Duration;

use acceptance::sweeper::Sweeper;
use acceptance::workspace::TerraformWorkspace;
use acceptance::{BrokenState, Run, World, wait_for};
use ledger::clock::from_millis;
use ledger::environment::{Environment, Lifecycle};
use ledger::event::EventKind;
use serde_json::Value;
use sweeper::rescue::kept_state::{Keeper, Origin};

use super::{LONG, SHORT, apply, phase, result_of, sweeper, wait_until_due};
use crate::terraform::ledger::Ledger;

/// How long a sweep with a claim of two seconds may take on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// What must never be said.
const SECRET: &str = "hunter2-and-nobody-else";

/// An environment that is due, with a secret in its state.
pub(super) fn due<'world>(
    world: &'world World,
    name: &str,
) -> (Sweeper<'world>, TerraformWorkspace<'world>) {
    apply(world, "live", LONG);
    let sweeper = sweeper(world).with_env("EPHEMERAL_CLAIM", "2s");
    let workspace = world.workspace(name);
    workspace.write(
        "main.tf",
        &format!(
            "{}\nresource \"terraform_data\" \"secret\" {{\n  input = \"{SECRET}\"\n}}\n",
            super::configuration(name, SHORT)
        ),
    );
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    (sweeper, workspace)
}

pub(super) fn sweep(sweeper: &Sweeper<'_>) -> Run {
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    run.expect_not_saying(SECRET)
}

/// Sweeps while the store of the state dies, then mends the store.
pub(super) fn broken_and_mended(sweeper: &Sweeper<'_>, workspace: &TerraformWorkspace<'_>) {
    let broken = BrokenState::at(&workspace.path("terraform.tfstate"));
    sweep(sweeper).expect_exit(3);
    broken.mend();
}

pub(super) fn keeper(sweeper: &Sweeper<'_>) -> Keeper {
    let home = sweeper.folder().join("state/ephemeral");
    Keeper {
        directory: home.join("kept"),
        key_file: home.join("seal.key"),
    }
}

/// The files that are kept.
pub(super) fn kept(sweeper: &Sweeper<'_>) -> Vec<PathBuf> {
    let kept = keeper(sweeper).list().expect("listed");
    kept.into_iter().map(|one| one.path).collect()
}

pub(super) fn environment(world: &World, name: &str) -> Environment {
    let all = Ledger::of(world).environments();
    let found = all.into_iter().find(|one| one.name.as_str() == name);
    found.expect("it is in the ledger")
}

/// Lets the pause after a failure be over.
pub(super) fn retry_now(world: &World, name: &str) {
    let ledger = Ledger::of(world);
    ledger.change(&environment(world, name), |environment| {
        let Lifecycle::Stuck(stuck) = &mut environment.lifecycle else {
            panic!("it is not stuck: {:?}", environment.lifecycle);
        };
        stuck.retry_at = from_millis(0).expect("in range");
    });
}

pub(super) fn stuck_because(world: &World, name: &str) -> String {
    match environment(world, name).lifecycle {
        Lifecycle::Stuck(stuck) => format!("{}; {}", stuck.reason, stuck.remedy),
        other => panic!("it is not stuck: {other:?}"),
    }
}

fn shows_secret(path: &Path) -> bool {
    let bytes = std::fs::read(path).expect("readable");
    String::from_utf8_lossy(&bytes).contains(SECRET)
}

#[test]
fn a_state_whose_store_died_is_sealed_and_the_next_sweep_pushes_it_back_and_proves_the_destroy() {
    let world = World::new();
    let (sweeper, workspace) = due(&world, "pr-1");
    let state = workspace.path("terraform.tfstate");
    let broken = BrokenState::at(&state);
    let failed = sweep(&sweeper).expect_exit(3);
    let sealed = kept(&sweeper);
    let [file] = sealed.as_slice() else {
        panic!("one state is kept: {sealed:?}\n{failed}");
    };
    assert!(file.to_string_lossy().ends_with(".sealed"), "{failed}");
    assert!(!shows_secret(file) && !shows_secret(&world.ledger_file()));
    assert_eq!(phase(&sweeper, "pr-1"), "stuck");
    assert!(stuck_because(&world, "pr-1").contains("pushes the sealed"));

    // While the store is broken nothing is known, so nothing is done.
    retry_now(&world, "pr-1");
    sweep(&sweeper);
    assert_eq!(kept(&sweeper), sealed);

    broken.mend();
    let pushed = sweep(&sweeper).expect_success();
    let result = result_of(&pushed, "pr-1");
    assert_eq!(result["result"], "destroyed", "{pushed}");
    assert_eq!(workspace.addresses(), [""; 0]);
    assert_eq!(kept(&sweeper), [""; 0].map(PathBuf::from));
    let events = Ledger::of(&world).events(&environment(&world, "pr-1"));
    let place = |kind| events.iter().position(|one| *one == kind);
    assert!(place(EventKind::StatePushed).is_some(), "{events:?}");
    assert!(place(EventKind::StatePushed) < place(EventKind::Destroyed));
    let pages = sweeper.run(&["explain", "pr-1"]).expect_success();
    pages
        .expect_saying("state-pushed")
        .expect_not_saying(SECRET);
    sweeper.run(&["audit", "verify"]).expect_success();
}

#[test]
fn what_is_left_in_a_kept_state_is_destroyed_once_it_is_back_and_its_secrets_are_nowhere_in_clear()
{
    // The provider is one that `init` has to find: what pushes finds none, and pushes all the same.
    let world = World::installed();
    let live = world.workspace("live");
    live.write("main.tf", &super::configuration("live", LONG));
    live.init().expect_success();
    live.apply().expect_success();
    let sweeper = sweeper(&world);
    let workspace = world.workspace("pr-1");
    let gate = workspace.path("may-go");
    workspace.write(
        "main.tf",
        &format!(
            r#"{}
resource "terraform_data" "stays" {{
  input = {{ secret = "{SECRET}", gate = "{}" }}
  provisioner "local-exec" {{
    when    = destroy
    command = "test -e '${{self.input.gate}}'"
  }}
}}
"#,
            super::configuration("pr-1", SHORT),
            gate.display()
        ),
    );
    workspace.init().expect_success();
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    broken_and_mended(&sweeper, &workspace);
    let [file] = <[PathBuf; 1]>::try_from(kept(&sweeper)).expect("one is kept");
    assert!(!shows_secret(&file), "it is sealed");
    let (_, plain) = keeper(&sweeper).open(&file).expect("opened");
    assert!(String::from_utf8_lossy(&plain).contains(SECRET));
    for line in [
        &["explain", "pr-1"][..],
        &["state", "list"],
        &["show", "pr-1"],
    ] {
        sweeper.run(line).expect_not_saying(SECRET);
    }

    std::fs::write(&gate, "").expect("written");
    retry_now(&world, "pr-1");
    let run = sweep(&sweeper).expect_success();
    let result = result_of(&run, "pr-1");
    assert_eq!(result["result"], "destroyed", "{run}");
    assert_eq!(result["evidence"]["strategy"], "capsule", "{run}");
    assert_eq!(workspace.addresses(), [""; 0]);
    assert!(kept(&sweeper).is_empty(), "{run}");
}

#[test]
fn a_sweeper_killed_right_after_the_store_died_loses_nothing_wherever_it_was_killed() {
    for sealed_before in [false, true] {
        let world = World::new();
        let (sweeper, workspace) = due(&world, "pr-1");
        let broken = BrokenState::at(&workspace.path("terraform.tfstate"));
        let deadly = deadly_after(&world, &sweeper, "apply");
        let killed = deadly.run(&["apply", "--auto-approve"]);
        assert_eq!(killed.code(), 128 + 9, "{killed}");
        let Lifecycle::Destroying(teardown) = environment(&world, "pr-1").lifecycle else {
            panic!("it is being destroyed\n{killed}");
        };
        let work = PathBuf::from(teardown.work_dir.expect("known"));
        let errored = work.join("root/errored.tfstate");
        assert!(errored.is_file(), "{killed}");
        if sealed_before {
            // As if it was killed between the sealing and the removal.
            let environment = environment(&world, "pr-1");
            let origin = Origin {
                generation: environment.generation,
                operation: teardown.operation.clone(),
                address: environment
                    .state
                    .map_or_else(String::new, |at| at.to_string()),
                found: vec![state_serial(broken.whole())],
                environment: environment.id,
            };
            let plain = std::fs::read(&errored).expect("readable");
            let at = from_millis(0).expect("in range");
            keeper(&sweeper).seal(&origin, &plain, at).expect("sealed");
        }
        broken.mend();
        wait_for("the next sweep to finish it", LONG_ENOUGH, || {
            sweep(&sweeper);
            phase(&sweeper, "pr-1") == "destroyed"
        });
        assert!(!work.exists(), "what the killed one left is cleared");
        assert_eq!(workspace.addresses(), [""; 0]);
        assert!(kept(&sweeper).is_empty());
        let events = Ledger::of(&world).events(&environment(&world, "pr-1"));
        let pushes = events.iter().filter(|one| **one == EventKind::StatePushed);
        assert_eq!(pushes.count(), 1, "{events:?}");
    }
}

pub(super) fn state_serial(state: &[u8]) -> u64 {
    let state: Value = serde_json::from_slice(state).expect("a state");
    state["serial"].as_u64().expect("a serial")
}

#[test]
fn a_sweeper_killed_right_after_the_push_pushes_nothing_twice() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
    // The marker alone: when the store dies, everything is gone.
    let alone = format!(
        "{}\nresource \"ephemeral_environment\" \"this\" {{\n  name = \"pr-1\"\n  {SHORT}\n}}\n",
        super::REQUIRED
    );
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &alone);
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    broken_and_mended(&sweeper, &workspace);
    assert_eq!(workspace.addresses().len(), 1, "the store knows of it yet");
    retry_now(&world, "pr-1");
    let killed = deadly_after(&world, &sweeper, "state").run(&["apply", "--auto-approve"]);
    assert_eq!(killed.code(), 128 + 9, "{killed}");
    assert_eq!(kept(&sweeper).len(), 1, "it is still kept\n{killed}");
    assert_eq!(workspace.addresses(), [""; 0], "and back\n{killed}");
    let pushed = std::fs::read(workspace.path("terraform.tfstate")).expect("a state");
    wait_for("the next sweep to finish it", LONG_ENOUGH, || {
        sweep(&sweeper);
        phase(&sweeper, "pr-1") == "destroyed"
    });
    assert!(kept(&sweeper).is_empty());
    let Lifecycle::Destroyed { evidence, .. } = environment(&world, "pr-1").lifecycle else {
        panic!("it is destroyed");
    };
    assert_eq!(evidence.strategy, "empty");
    // This pass deleted nothing; what the one did that could not save its state is part of the evidence.
    assert_eq!(evidence.deleted, ["ephemeral_environment.this"]);
    assert!(evidence.serial_before < evidence.serial_after);
    let state = std::fs::read(workspace.path("terraform.tfstate")).expect("a state");
    assert_eq!(state, pushed, "nothing wrote it again");
}

/// The same sweeper with a terraform that kills its parent when a call of `subcommand` has ended.
fn deadly_after<'world>(
    world: &World,
    sweeper: &Sweeper<'world>,
    subcommand: &str,
) -> Sweeper<'world> {
    let deadly = world.root().join("deadly-terraform");
    let script = format!(
        "#!/bin/sh\nterraform \"$@\"\ncode=$?\n[ \"$1\" != {subcommand} ] || kill -9 $PPID\nexit $code\n"
    );
    std::fs::write(&deadly, script).expect("written");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&deadly, mode).expect("set");
    sweeper
        .clone()
        .with_env("EPHEMERAL_TERRAFORM", &deadly.to_string_lossy())
}
