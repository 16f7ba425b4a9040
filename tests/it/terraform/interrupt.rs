//! Ctrl-C in the middle: terraform ends in order, and state and ledger agree afterwards.

use std::time::Duration;

use acceptance::{World, wait_for};

use super::ledger::{Ledger, ends};
use super::{THIS, environment};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn ctrl_c_beside_a_slow_resource_leaves_state_and_record_in_agreement() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let slow = r#"
resource "terraform_data" "slow" {
  depends_on = [ephemeral_environment.this]
  provisioner "local-exec" {
    command = "touch started; trap '' INT; while [ ! -e finish ]; do sleep 0.1; done"
  }
}
resource "terraform_data" "later" {
  depends_on = [terraform_data.slow]
}
"#;
    workspace.write("main.tf", &format!("{}{slow}", environment("pr-1", "")));
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    wait_for("the slow resource to begin", LIMIT, || {
        workspace.path("started").exists()
    });
    apply.interrupt();
    apply.wait_for_output("Interrupt received", LIMIT);
    workspace.write("finish", "");
    apply.wait(LIMIT).expect_failure();
    assert!(
        !workspace
            .addresses()
            .contains(&"terraform_data.later".to_owned())
    );
    let ledger = Ledger::of(&world);
    assert_eq!(ends(&ledger.environments()), [("pr-1", 1, "living")]);
    assert_eq!(
        workspace.attribute(THIS, "id"),
        ledger.environment().id.as_str()
    );

    workspace.apply().expect_success();
    workspace.expect_no_changes();
    assert_eq!(ends(&ledger.environments()), [("pr-1", 1, "living")]);
    workspace.destroy().expect_success();
    assert_eq!(ends(&ledger.environments()), [("pr-1", 1, "released")]);
}

#[test]
fn ctrl_c_while_the_record_is_being_written_loses_neither_the_record_nor_the_state() {
    let world = World::new();
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &environment("pr-1", ""));
    let lock = ledger.lock();
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    ledger.wait_until_opened_elsewhere();
    apply.interrupt();
    apply.wait_for_output("Interrupt received", LIMIT);
    drop(lock);
    let _ = apply.wait(LIMIT);
    assert_eq!(ends(&ledger.environments()), [("pr-1", 1, "living")]);
    assert_eq!(
        workspace.attribute(THIS, "id"),
        ledger.environment().id.as_str()
    );
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    assert_eq!(ends(&ledger.environments()), [("pr-1", 1, "living")]);
}
