//! `ephemeral "ttl_lease"` under real terraform: opened, renewed and closed by it; what Ctrl-C and failures leave.

use std::time::Duration;

use acceptance::workspace::TerraformWorkspace;
use acceptance::{World, wait_for};
use ledger::event::EventKind;
use ledger::run::Life;

use super::ledger::Ledger;

const LIMIT: Duration = Duration::from_secs(60);

/// The pattern of the documentation: the other address opens the lease, and its token keeps it open until the last
/// resource of this one, and what depends on it, is done.
pub(crate) fn configuration(name: &str, lifetime: &str, ttl: &str) -> String {
    format!(
        r#"
terraform {{
  required_providers {{
    ephemeral = {{ source = "ephemeral-environments/ephemeral" }}
    ttl       = {{ source = "ephemeral-environments/ttl" }}
  }}
}}

ephemeral "ttl_lease" "run" {{
  ttl    = "{ttl}"
  labels = {{ step = "deploy" }}
}}

provider "ephemeral" {{
  default_owner = "ana"
  run_token     = ephemeral.ttl_lease.run.token
}}

resource "ephemeral_environment" "this" {{
  name = "{name}"
  {lifetime}
}}
"#
    )
}

/// Something that depends on the environment and is done when there is a file `finish`, whatever Ctrl-C says.
pub(crate) const SLOW: &str = r#"
resource "terraform_data" "slow" {
  input = ephemeral_environment.this.id
  provisioner "local-exec" {
    command = "trap '' INT; touch started; while [ ! -e finish ]; do sleep 0.1; done"
  }
}
"#;

fn until_started(workspace: &TerraformWorkspace<'_>) {
    wait_for("the slow resource to begin", LIMIT, || {
        workspace.path("started").exists()
    });
}

#[test]
fn a_run_is_renewed_while_it_works_and_closed_at_its_end() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    let configuration = configuration("pr-1", "", "5s");
    workspace.write("main.tf", &format!("{configuration}{SLOW}"));
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    until_started(&workspace);
    let (first, _) = ledger.last_run();
    assert_eq!(first.command.as_deref(), Some("terraform apply"));
    assert_eq!(first.labels["step"], "deploy");
    let file = first.state.as_ref().and_then(backend::local::file);
    assert_eq!(file, Some(workspace.path("terraform.tfstate")));
    wait_for("the run to outlive its first ttl", LIMIT, || {
        let (run, life) = ledger.last_run();
        assert!(matches!(life, Life::Alive { .. }), "{run:?}");
        first.alive_until() < run.renewed_at
    });
    world
        .sweeper()
        .run(&["list"])
        .expect_saying(first.id.as_str())
        .expect_saying("is at work on `pr-1`");
    workspace.write("finish", "");
    apply.wait(LIMIT).expect_success();

    let (run, life) = ledger.last_run();
    assert_eq!(run.id, first.id);
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
    let expected = [EventKind::Opened, EventKind::Closed];
    assert_eq!(
        ledger.events_of_run(&run),
        expected,
        "no event for a renewal"
    );
    assert_eq!(
        ledger.runs_of(ledger.environment().id.as_str()),
        [run.id.as_str()]
    );
    let state = workspace.read("terraform.tfstate");
    assert!(!state.contains("run-"), "nothing of it is in the state");
}

#[test]
fn plan_apply_and_destroy_each_open_one_and_leave_none_open() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &configuration("pr-1", "", "2m"));
    workspace.plan().expect_exit(2);
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    workspace.destroy().expect_success();
    let runs = ledger.runs();
    assert!(3 < runs.len(), "{runs:#?}");
    for run in runs {
        let expected = [EventKind::Opened, EventKind::Closed];
        assert_eq!(ledger.events_of_run(&run), expected, "{run:?}");
    }
}

/// A write-only argument at the last thing of the configuration keeps the lease open as well, with one address alone.
#[test]
fn the_token_at_a_lease_that_comes_last_keeps_the_run_open_until_then() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("task");
    workspace.write(
        "main.tf",
        r#"
terraform {
  required_providers {
    ttl = { source = "ephemeral-environments/ttl" }
  }
}

ephemeral "ttl_lease" "run" {
  ttl = "5s"
}

resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "touch started; while [ ! -e finish ]; do sleep 0.1; done"
  }
}

resource "ttl_lease" "task" {
  ttl        = "1h"
  holder     = "runner"
  run_token  = ephemeral.ttl_lease.run.token
  depends_on = [terraform_data.slow]
}
"#,
    );
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    until_started(&workspace);
    // The plan opened one of its own, and the apply's may come after what is slow has begun: the last one is waited for.
    wait_for("the run to outlive its first ttl", LIMIT, || {
        let (run, _) = ledger.last_run();
        run.opened_at + run.ttl.delta() < run.renewed_at
    });
    let (first, _) = ledger.last_run();
    workspace.write("finish", "");
    apply.wait(LIMIT).expect_success();
    let (run, life) = ledger.last_run();
    assert_eq!(run.id, first.id);
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");

    let state: serde_json::Value =
        serde_json::from_str(&workspace.read("terraform.tfstate")).expect("a state");
    let resources = state["resources"].as_array().expect("resources");
    let lease = resources.iter().find(|one| one["type"] == "ttl_lease");
    let lease = &lease.expect("the lease")["instances"][0]["attributes"];
    assert_eq!(lease["run_token"], serde_json::Value::Null);
    assert_eq!(
        ledger.runs_of(lease["id"].as_str().expect("an id")),
        [run.id.as_str()]
    );
    workspace.expect_no_changes();
}

/// Terraform does not close what the failed part still needed, and a shutdown alone is not a close.
#[test]
fn a_run_that_fails_is_closed_by_nobody_and_dead_when_its_ttl_is_over() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    let fails = r#"
resource "terraform_data" "fails" {
  input = ephemeral_environment.this.id
  provisioner "local-exec" {
    command = "false"
  }
}
"#;
    let configuration = configuration("pr-1", "", "5s");
    workspace.write("main.tf", &format!("{configuration}{fails}"));
    workspace.apply().expect_failure();
    let (failed, _) = ledger.last_run();
    let expected = [EventKind::Opened];
    assert_eq!(ledger.events_of_run(&failed), expected, "nobody closed it");
    wait_for("the run to be over", LIMIT, || {
        !matches!(ledger.last_run().1, Life::Alive { .. })
    });
    let (run, life) = ledger.last_run();
    assert_eq!(run.id, failed.id);
    assert!(matches!(life, Life::Dead { .. }), "{life:?}: {run:?}");
}

#[test]
fn ctrl_c_ends_the_token_at_once_and_the_run_when_it_has_finished() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    let configuration = configuration("pr-1", "", "5s");
    workspace.write("main.tf", &format!("{configuration}{SLOW}"));
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    until_started(&workspace);
    apply.interrupt();
    apply.wait_for_output("Interrupt received", LIMIT);
    wait_for("the interruption to be recorded", LIMIT, || {
        ledger.last_run().0.interrupted_at.is_some()
    });
    // Terraform itself ends what the provisioner runs, and closes nothing: the shutdown does.
    apply.wait(LIMIT).expect_failure();
    let (run, life) = ledger.last_run();
    assert!(matches!(life, Life::Closed { .. }), "{run:?}");
    let expected = [EventKind::Opened, EventKind::Interrupted, EventKind::Closed];
    assert_eq!(ledger.events_of_run(&run), expected);
}

#[test]
fn two_ledgers_are_refused_at_the_argument() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let elsewhere = world.root().join("elsewhere.db");
    let configuration = configuration("pr-1", "", "2m").replace(
        "  default_owner",
        &format!(
            "  ledger = \"sqlite://{}\"\n  default_owner",
            elsewhere.display()
        ),
    );
    workspace.write("main.tf", &configuration);
    let run = workspace.terraform(&["plan", "-json"]).expect_failure();
    assert_eq!(
        super::errors(&run),
        ["Unknown Run at run_token     = ephemeral.ttl_lease.run.token"]
    );
}
