//! The harness itself: a world is closed, its terraform is real, and what is interrupted or killed is seen to end.

use std::time::Duration;

use acceptance::workspace::CHANGES;
use acceptance::{RunningProcess, World, wait_for};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn nothing_of_the_machine_but_path_reaches_a_command() {
    let world = World::new();
    let environment = RunningProcess::run(world.command("env"))
        .expect_success()
        .stdout;
    let names: Vec<&str> = environment
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    let own = ["TF_CLI_CONFIG_FILE", "TF_INPUT", "EPHEMERAL_LEDGER"];
    let stray: Vec<_> = names
        .iter()
        .filter(|name| {
            name.starts_with("TF_") || name.starts_with("EPHEMERAL_") || name.contains("CI")
        })
        .filter(|name| !own.contains(name))
        .collect();
    assert!(stray.is_empty(), "{stray:?} reached a command of a test");
    let home = world.root().join("home");
    assert!(environment.contains(&format!("HOME={}\n", home.display())));
}

#[test]
fn a_provider_nobody_here_wrote_is_installed_from_the_mirror_and_lives_and_dies() {
    let world = World::new();
    let workspace = world.workspace("null");
    workspace.write(
        "main.tf",
        r#"
        terraform {
          required_providers {
            null = { source = "hashicorp/null" }
          }
        }
        resource "null_resource" "one" {}
        "#,
    );
    workspace.init().expect_success();
    workspace.plan().expect_exit(CHANGES);
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    assert_eq!(workspace.addresses(), ["null_resource.one"]);
    assert!(workspace.attribute("null_resource.one", "id").is_string());
    workspace.destroy().expect_success();
    assert_eq!(workspace.addresses(), Vec::<String>::new());
}

#[test]
fn an_error_is_found_whole_however_terraform_breaks_its_lines() {
    let world = World::new();
    let workspace = world.workspace("broken");
    workspace.write(
        "main.tf",
        r#"resource "terraform_data" "one" { inputs = 1 }"#,
    );
    workspace.plan().expect_failure_containing(
        "An argument named \"inputs\" is not expected here. Did you mean \"input\"?",
    );
}

/// A provisioner that says where it is and then stays there, deaf to Ctrl-C.
const SLOW: &str = r#"
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "echo $$ > pid; trap '' INT; while :; do sleep 0.1; done"
  }
}
"#;

#[test]
fn ctrl_c_reaches_terraform_and_it_ends_in_order() {
    let world = World::new();
    let workspace = world.workspace("slow");
    workspace.write("main.tf", SLOW);
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    wait_for("the provisioner runs", LIMIT, || {
        workspace.path("pid").exists()
    });
    apply.interrupt();
    apply
        .wait(LIMIT)
        .expect_failure_containing("Interrupt received.");
    assert_eq!(workspace.addresses(), ["terraform_data.slow"]);
}

#[test]
fn a_killed_terraform_says_no_more_and_the_state_lock_stays_free() {
    let world = World::new();
    let workspace = world.workspace("slow");
    workspace.write("main.tf", SLOW);
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    wait_for("the provisioner runs", LIMIT, || {
        workspace.path("pid").exists()
    });
    assert!(apply.is_running());
    apply.kill9();
    apply
        .wait(LIMIT)
        .expect_exit(128 + 9)
        .expect_not_saying("Interrupt received.");
    apply.kill9_group();
    workspace.destroy().expect_success();
}
