//! What a sweeper that died left behind is found, ended and finished by the next one.

use std::time::Duration;

use acceptance::workspace::TerraformWorkspace;
use acceptance::{World, wait_for};

use super::{LONG, SHORT, apply, phase, sweeper, wait_until_due};

/// How long a sweep with a claim of two seconds may take on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// An environment whose destroy takes seconds, and writes a line each time it is begun and ended.
fn slow<'world>(world: &'world World, name: &str) -> TerraformWorkspace<'world> {
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
    wait_for("the destroy to be under way", LONG_ENOUGH, || {
        workspace.path("witness").exists()
    });
    interrupted.interrupt();
    interrupted.wait(LONG_ENOUGH);
    // The state is whole: terraform can read it, and its lock is gone.
    workspace.terraform(&["state", "list"]).expect_success();
    wait_for("a later sweep to finish it", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        // What was asked to stop is tried again after a pause; a person need not wait for it.
        matches!(phase(&sweeper, "slow").as_str(), "destroyed" | "stuck")
    });
}
