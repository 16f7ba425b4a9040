//! One fence: whoever comes second, another sweeper or Terraform itself, the ledger and the states agree at the end.

use std::collections::BTreeMap;
use std::time::Duration;

use acceptance::workspace::TerraformWorkspace;
use acceptance::{Sweeper, World, wait_for};
use nix::sys::signal::{Signal, kill};
use serde_json::Value;

use super::{LONG, SHORT, apply, phase, sweeper, wait_until_due};

/// How long a sweep with a claim of two seconds may take on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

#[test]
fn a_sweeper_that_was_frozen_finds_its_claim_gone_and_touches_nothing_more() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
    let workspace = world.workspace("slow");
    let witness = workspace.path("witness");
    workspace.write(
        "main.tf",
        &format!(
            r#"{}
resource "terraform_data" "slow" {{
  input = "{}"
  provisioner "local-exec" {{
    when    = destroy
    command = "echo begun >>'${{self.input}}'; sleep 4; echo ended >>'${{self.input}}'"
  }}
}}
"#,
            super::configuration("slow", SHORT),
            witness.display()
        ),
    );
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    let mut frozen = sweeper.spawn(&["apply", "--auto-approve"]);
    wait_for("the destroy to be under way", LONG_ENOUGH, || {
        witness.exists()
    });
    kill(frozen.id(), Signal::SIGSTOP).expect("stopping it");
    wait_for("another sweep to finish it", LONG_ENOUGH, || {
        sweeper.run(&["apply", "--auto-approve"]);
        phase(&sweeper, "slow") == "destroyed"
    });
    let before = workspace.read("terraform.tfstate");
    kill(frozen.id(), Signal::SIGCONT).expect("letting it go on");
    frozen.wait(LONG_ENOUGH).expect_exit(3);
    assert_eq!(before, workspace.read("terraform.tfstate"));
    assert_eq!(workspace.addresses(), [""; 0]);
    assert_eq!(phase(&sweeper, "slow"), "destroyed");
    sweeper.run(&["audit", "verify"]).expect_success();
}

/// The id of the marker in the state of `workspace`, if there is one.
fn marker(workspace: &TerraformWorkspace<'_>) -> Option<String> {
    let marker = workspace.resource("ephemeral_environment.this")?;
    marker["id"].as_str().map(str::to_owned)
}

/// The ids of the records that live, and whether each is in the stuck register.
fn living(sweeper: &Sweeper<'_>) -> BTreeMap<String, bool> {
    let plan = sweeper.json(&["plan"]);
    let items = plan["items"].as_array().cloned().unwrap_or_default();
    let entry = |item: &Value| Some((item["id"].as_str()?.to_owned(), item["phase"] == "stuck"));
    items.iter().filter_map(entry).collect()
}

/// Lets a sweep and terraform with `arguments` at an expired environment at the same moment, several times with another
/// distance between them, and checks each time that what lives in the ledger is what is in the state. What the sweep could
/// not prove to be gone may live on in the stuck register: it is not forgotten, and waits for its next try.
fn agree_after(change: fn(&TerraformWorkspace<'_>), arguments: &[&str]) {
    for pause in [0, 150, 400, 800] {
        let world = World::new();
        let live = apply(&world, "live", LONG);
        let sweeper = sweeper(&world).with_env("EPHEMERAL_CLAIM", "2s");
        let due = apply(&world, "due", SHORT);
        wait_until_due(&sweeper, 1);
        change(&due);
        let mut sweep = sweeper.spawn(&["apply", "--auto-approve"]);
        std::thread::sleep(Duration::from_millis(pause));
        let mut terraform = due.spawn(arguments);
        let terraform = terraform.wait(LONG_ENOUGH);
        let sweep = sweep.wait(LONG_ENOUGH);
        let mut living = living(&sweeper);
        let after = format!("after {pause} ms\n{living:?}\n{sweep}\n{terraform}");
        for marker in [&live, &due].into_iter().filter_map(marker) {
            assert!(
                living.remove(&marker).is_some(),
                "{marker} was forgotten {after}"
            );
        }
        assert!(
            living.into_values().all(|stuck| stuck),
            "too much lives {after}"
        );
        sweeper.run(&["audit", "verify"]).expect_success();
    }
}

#[test]
fn a_renewal_and_a_sweep_at_the_same_moment_leave_the_ledger_and_the_state_of_one_mind() {
    fn renew(workspace: &TerraformWorkspace<'_>) {
        let renewed = format!("{LONG}\n  triggers = {{ commit = \"2\" }}");
        workspace.write("main.tf", &super::configuration("due", &renewed));
    }
    agree_after(renew, &["apply", "-auto-approve", "-no-color"]);
}

#[test]
fn a_destroy_by_hand_and_a_sweep_at_the_same_moment_leave_nothing_behind() {
    agree_after(|_| {}, &["destroy", "-auto-approve", "-no-color"]);
}

#[test]
fn removing_the_environment_from_its_configuration_is_never_forgotten() {
    fn remove(workspace: &TerraformWorkspace<'_>) {
        let whole = super::configuration("due", SHORT);
        let (head, _) = whole.split_once("resource").expect("the resources");
        workspace.write(
            "main.tf",
            &format!("{head}\nresource \"terraform_data\" \"part\" {{\n  count = 3\n}}\n"),
        );
    }
    agree_after(remove, &["apply", "-auto-approve", "-no-color"]);
}
