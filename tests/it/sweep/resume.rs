//! What a sweeper that died left behind is found, ended and finished by the next one.

use std::collections::BTreeSet;
use std::time::Duration;

use acceptance::workspace::TerraformWorkspace;
use acceptance::{Sweeper, World, wait_for};
use ledger::environment::{Evidence, Lifecycle};
use ledger::event::{Event, EventKind};

use super::kept::environment;
use super::{LONG, SHORT, apply, phase, result_of, sweeper, verdicts, wait_until_due};
use crate::terraform::ledger::Ledger;

/// How long a sweep with a claim of two seconds may take on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// An environment whose destroy takes seconds, and writes a line each time it is begun and ended.
pub(super) fn slow<'world>(world: &'world World, name: &str) -> TerraformWorkspace<'world> {
    let workspace = world.workspace(name);
    let witness = workspace.path("witness");
    workspace.write(
        "main.tf",
        &format!(
            r#"{}
resource "terraform_data" "slow" {{
  input = {{
    witness = "{}"
    tags    = ephemeral_environment.this.default_tags
  }}
  provisioner "local-exec" {{
    when    = destroy
    command = "echo begun >>'${{self.input.witness}}'; sleep 4; echo ended >>'${{self.input.witness}}'"
  }}
}}
"#,
            super::configuration(name, SHORT),
            witness.display()
        ),
    );
    workspace.apply().expect_success();
    workspace
}

/// Everything that was deleted is in `evidence`, once, and from the serial on from which the first pass began.
#[track_caller]
fn covers_all_passes(evidence: &Evidence, events: &[Event]) {
    let deleted = evidence.deleted.iter().map(String::as_str);
    assert_eq!(deleted.collect::<BTreeSet<_>>(), SLOW.into());
    assert_eq!(evidence.deleted.len(), SLOW.len(), "each once");
    assert_eq!(evidence.serial_before.to_string(), first_serial(events));
}

#[test]
fn a_sweeper_killed_in_the_middle_of_a_destroy_is_finished_by_the_next() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
    let workspace = slow(&world, "slow");
    wait_until_due(&sweeper, 1);

    let mut killed = sweeper.spawn(&["apply", "--auto-approve"]);
    wait_for("the destroy to be under way", LONG_ENOUGH, || {
        workspace.path("witness").exists()
    });
    killed.kill9();
    killed.wait(LONG_ENOUGH);
    assert_eq!(phase(&sweeper, "slow"), "destroying");

    // Whether terraform lives on or not, a later sweep comes to the end, and only with proof.
    wait_for("a later sweep to finish it", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        phase(&sweeper, "slow") == "destroyed"
    });
    assert_eq!(workspace.addresses(), [""; 0]);
    let explained = sweeper.run(&["explain", "slow"]).expect_success();
    explained.expect_saying("destroyed");
    let (events, evidence) = evidence(&world, "slow");
    covers_all_passes(&evidence, &events);
    sweeper.run(&["audit", "verify"]).expect_success();
}

#[test]
fn ctrl_c_lets_terraform_save_and_the_next_sweep_finishes() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
    let workspace = slow(&world, "slow");
    wait_until_due(&sweeper, 1);
    let mut interrupted = sweeper.spawn(&["apply", "--auto-approve"]);
    // Both: on a busy machine the slow object may be begun before any other is deleted.
    wait_for("the destroy to be under way", LONG_ENOUGH, || {
        workspace.path("witness").exists() && workspace.addresses().len() < SLOW.len()
    });
    interrupted.interrupt();
    let interrupted = interrupted.wait(LONG_ENOUGH).expect_exit(3);
    interrupted.expect_saying("the next sweep retries");
    // The state is whole: terraform can read it, and its lock is gone. Part of it is gone, and part is left.
    workspace.terraform(&["state", "list"]).expect_success();
    let left = workspace.addresses();
    assert!(!left.is_empty() && left.len() < SLOW.len(), "{left:?}");
    let (before, _) = events_and_lifecycle(&world, "slow");
    let told = of_kind(&before, EventKind::Failed);
    let [failed] = told.as_slice() else {
        panic!("one pass was stopped: {told:?}");
    };
    let deleted: Vec<String> = serde_json::from_str(&failed.detail["deleted"]).expect("a list");
    let both = deleted.iter().chain(&left).map(String::as_str);
    assert_eq!(both.collect::<BTreeSet<_>>(), SLOW.into());
    assert_eq!(
        deleted.len() + left.len(),
        SLOW.len(),
        "{deleted:?} {left:?}"
    );

    // A person's wish to stop is no failure: the very next sweep takes it up, as was said.
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    assert_eq!(phase(&sweeper, "slow"), "destroyed");
    let told = &result_of(&run, "slow")["evidence"]["deleted"];
    let (events, evidence) = evidence(&world, "slow");
    assert_eq!(*told, serde_json::json!(evidence.deleted));
    covers_all_passes(&evidence, &events);
    let ended = of_kind(&events, EventKind::Destroyed);
    let earlier = &failed.detail["events_sha256"];
    assert_eq!(ended[0].detail["earlier_events_sha256"], *earlier);
    assert_ne!(evidence.events_sha256.as_ref(), Some(earlier));
    sweeper.run(&["audit", "verify"]).expect_success();
}

/// Everything in the state of [`slow`].
const SLOW: [&str; 5] = [
    "ephemeral_environment.this",
    "terraform_data.part[0]",
    "terraform_data.part[1]",
    "terraform_data.part[2]",
    "terraform_data.slow",
];

fn events_and_lifecycle(world: &World, name: &str) -> (Vec<Event>, Lifecycle) {
    let environment = environment(world, name);
    let events = Ledger::of(world).told(&environment);
    (events, environment.lifecycle)
}

fn of_kind(events: &[Event], kind: EventKind) -> Vec<&Event> {
    events.iter().filter(|event| event.kind == kind).collect()
}

fn evidence(world: &World, name: &str) -> (Vec<Event>, Evidence) {
    match events_and_lifecycle(world, name) {
        (events, Lifecycle::Destroyed { evidence, .. }) => (events, evidence),
        (_, other) => panic!("it is not destroyed: {other:?}"),
    }
}

/// The serial that the first pass found.
fn first_serial(events: &[Event]) -> String {
    of_kind(events, EventKind::Claimed)[0].detail["serial"].clone()
}

/// An environment that is cut off in its destroy when everything is gone, the marker too, but one object: that one's
/// destroy waits for the file `go-on`, and then fails unless there is a file `may-go`. The sweeper is killed.
fn cut_off_without_its_marker<'world>(
    world: &'world World,
    sweeper: &Sweeper<'_>,
) -> TerraformWorkspace<'world> {
    let workspace = world.workspace("cut-off");
    workspace.write("main.tf", &(super::configuration("cut-off", SHORT) + LAST));
    workspace.apply().expect_success();
    wait_until_due(sweeper, 1);
    let mut killed = sweeper.spawn(&["apply", "--auto-approve"]);
    wait_for("the marker to be gone", LONG_ENOUGH, || {
        workspace.path("witness").exists() && workspace.addresses() == ["terraform_data.last"]
    });
    killed.kill9();
    killed.wait(LONG_ENOUGH);
    workspace.write("go-on", "");
    // Whether terraform lived on or not, it is done when the lock is free.
    let wait = ["plan", "-input=false", "-no-color", "-lock-timeout=60s"];
    workspace.terraform(&wait).expect_success();
    assert_eq!(workspace.addresses(), ["terraform_data.last"]);
    workspace
}

/// The object that stays to the last. It does not depend on the marker.
const LAST: &str = r#"
resource "terraform_data" "last" {
  input = path.cwd
  provisioner "local-exec" {
    when        = destroy
    working_dir = self.input
    command     = "touch witness; until test -e go-on; do sleep 0.1; done; test -e may-go"
  }
}
"#;

#[test]
fn what_is_left_when_the_marker_went_is_known_and_finished() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
    let workspace = cut_off_without_its_marker(&world, &sweeper);
    workspace.write("may-go", "");
    wait_for("a later sweep to finish it", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        phase(&sweeper, "cut-off") == "destroyed"
    });
    assert_eq!(workspace.addresses(), [""; 0]);
    // The killed pass could tell nothing: what it deleted, the marker too, follows from what it was about to delete.
    let (events, evidence) = evidence(&world, "cut-off");
    let deleted: BTreeSet<&str> = evidence.deleted.iter().map(String::as_str).collect();
    let all: BTreeSet<&str> = [&SLOW[..4], &["terraform_data.last"]]
        .concat()
        .into_iter()
        .collect();
    assert_eq!(deleted, all);
    assert_eq!(evidence.deleted.len(), all.len(), "each once");
    assert_eq!(evidence.serial_before.to_string(), first_serial(&events));
    assert!(
        evidence.serial_before + 1 < evidence.serial_after,
        "{evidence:?}"
    );
    sweeper.run(&["audit", "verify"]).expect_success();
}

#[test]
fn what_somebody_applied_anew_without_its_environment_is_theirs() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
    let workspace = cut_off_without_its_marker(&world, &sweeper);
    workspace.write("may-go", "");
    // As many objects as were left, or more, but never as many as there were: the count alone shows nothing.
    let anew = "resource \"terraform_data\" \"part\" {\n  count = 3\n}\n";
    workspace.write("main.tf", &format!("{anew}{LAST}"));
    workspace.apply().expect_success();
    assert_eq!(workspace.addresses().len(), 4);

    let before = workspace.read("terraform.tfstate");
    let claim_is_over = std::time::Instant::now() + Duration::from_secs(4);
    while std::time::Instant::now() < claim_is_over {
        sweeper.run(&["apply", "--auto-approve"]);
        std::thread::sleep(Duration::from_millis(500));
    }
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    assert_eq!(before, workspace.read("terraform.tfstate"), "{run}");
    assert_eq!(verdicts(&sweeper.json(&["plan"]), "review"), ["cut-off"]);
    let explained = sweeper.run(&["explain", "cut-off"]).expect_success();
    let explained = explained.expect_saying("3 of the 4 objects in it were not there");
    // It says what to do, and that works.
    explained.expect_saying("`sweeper release cut-off --reason TEXT`");
    let release = ["release", "cut-off", "--reason", "it is ours now"];
    sweeper.run(&release).expect_success();
    assert_eq!(phase(&sweeper, "cut-off"), "released");
    assert_eq!(before, workspace.read("terraform.tfstate"));
}
