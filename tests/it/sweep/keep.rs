//! What is kept, however long it is expired: held, protected, opted out, unowned, unreadable, locked, meant for review.

use acceptance::World;
use serde_json::Value;

use super::{LONG, SHORT, apply, sweeper, wait_until_due};

/// The plan's item for `name`, once `done` says that it is what is waited for.
fn item(sweeper: &acceptance::sweeper::Sweeper<'_>, name: &str, rule: &str) -> Value {
    let find = || {
        let plan = sweeper.json(&["plan"]);
        let items = plan["items"].as_array().cloned().unwrap_or_default();
        items
            .into_iter()
            .find(|item| item["name"] == name && item["rule"] == rule)
    };
    acceptance::wait_for_some(&format!("{name} under the rule {rule}"), super::SOON, find)
}

/// Applies `name` with `arguments`, waits until `rule` decides over it, sweeps, and checks that its state is untouched.
fn is_kept(name: &str, arguments: &str, rule: &str, verdict: &str) {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, name, &format!("{SHORT}\n{arguments}"));
    let before = workspace.read("terraform.tfstate");
    let found = item(&sweeper, name, rule);
    assert_eq!(found["verdict"], verdict, "{found}");
    let code = if verdict == "review" { 3 } else { 0 };
    sweeper.run(&["apply", "--auto-approve"]).expect_exit(code);
    assert_eq!(before, workspace.read("terraform.tfstate"));
}

#[test]
fn a_protected_environment_is_kept() {
    let tags = r#"tags = { "ephemeral-protect" = "true" }"#;
    is_kept("protected", tags, "protection", "hold");
}

#[test]
fn a_protection_that_cannot_be_read_protects() {
    let tags = r#"tags = { "ephemeral-protect" = "yes" }"#;
    is_kept("unclear", tags, "protection", "hold");
}

#[test]
fn an_owner_who_opted_out_is_heard() {
    let tags = r#"tags = { "ephemeral-opt-out" = "true" }"#;
    is_kept("opted-out", tags, "opt-out", "hold");
}

#[test]
fn on_expiry_review_is_only_reported() {
    is_kept("reviewed", r#"on_expiry = "review""#, "expiry", "review");
}

#[test]
fn prevent_destroy_in_the_configuration_protects_the_whole_state() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = world.workspace("guarded");
    workspace.write(
        "main.tf",
        &format!(
            "{}\nresource \"terraform_data\" \"dear\" {{\n  lifecycle {{\n    prevent_destroy = true\n  }}\n}}\n",
            super::configuration("guarded", SHORT)
        ),
    );
    workspace.apply().expect_success();
    let before = workspace.read("terraform.tfstate");
    let found = item(&sweeper, "guarded", "protection");
    assert!(
        found["because"]
            .as_str()
            .is_some_and(|because| because.contains("terraform_data.dear")),
        "{found}"
    );
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(before, workspace.read("terraform.tfstate"));
}

#[test]
fn a_state_without_the_marker_is_never_touched() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "unmarked", SHORT);
    // The record lives and expires; the state no longer says that it is its.
    workspace
        .terraform(&["state", "rm", "ephemeral_environment.this"])
        .expect_success();
    let before = workspace.read("terraform.tfstate");
    let found = item(&sweeper, "unmarked", "expiry");
    assert_eq!(found["verdict"], "review", "{found}");
    sweeper.run(&["apply", "--auto-approve"]).expect_exit(3);
    assert_eq!(before, workspace.read("terraform.tfstate"));
}

#[test]
fn a_state_that_belongs_to_another_environment_is_never_touched() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let victim = apply(&world, "victim", LONG);
    let expired = apply(&world, "expired", SHORT);
    // Somebody put another state where the expired one was: the address is right, and proves nothing.
    std::fs::copy(
        victim.path("terraform.tfstate"),
        expired.path("terraform.tfstate"),
    )
    .expect("copying a state");
    let before = expired.read("terraform.tfstate");
    let found = item(&sweeper, "expired", "expiry");
    assert_eq!(found["verdict"], "review", "{found}");
    sweeper.run(&["apply", "--auto-approve"]).expect_exit(3);
    assert_eq!(before, expired.read("terraform.tfstate"));
}

#[test]
fn an_expired_environment_whose_state_is_gone_fails_every_sweep_until_a_person_has_looked() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "gone", SHORT);
    std::fs::remove_file(workspace.path("terraform.tfstate")).expect("removing a state");
    let found = item(&sweeper, "gone", "expiry");
    assert_eq!(found["verdict"], "review", "{found}");
    for _ in 0..2 {
        sweeper.run(&["plan"]).expect_exit(2);
        sweeper
            .run(&["apply", "--auto-approve"])
            .expect_exit(3)
            .expect_saying("Left: 1 to review");
    }
    let release = ["release", "gone", "--reason", "it was destroyed by hand"];
    sweeper.run(&release).expect_success();
    sweeper.run(&["plan"]).expect_success();
    sweeper
        .run(&["apply", "--auto-approve"])
        .expect_success()
        .expect_not_saying("Left:");
}

#[test]
fn a_state_that_cannot_be_read_is_kept_and_the_sweep_is_blind_and_goes_on() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let torn = apply(&world, "torn", SHORT);
    let due = apply(&world, "due", SHORT);
    torn.write("terraform.tfstate", "{ \"version\": 4, \"ser");
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve"]).expect_exit(5);
    run.expect_saying("torn");
    assert_eq!(due.addresses(), [""; 0]);
    assert_eq!(torn.read("terraform.tfstate"), "{ \"version\": 4, \"ser");
}

#[test]
fn a_state_that_somebody_works_on_is_left_to_them() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "busy", SHORT);
    wait_until_due(&sweeper, 1);
    workspace.write(
        "slow.tf",
        "resource \"terraform_data\" \"slow\" {\n  provisioner \"local-exec\" {\n    command = \"sleep 8\"\n  }\n}\n",
    );
    let mut apply = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    apply.wait_for_output("Creating...", super::SOON);
    let found = item(&sweeper, "busy", "live-run");
    assert_eq!(found["verdict"], "keep", "{found}");
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    apply.wait(super::SOON).expect_success();
    assert_eq!(workspace.addresses().len(), 5);
}

#[test]
fn a_hold_survives_the_replacement_of_what_it_holds() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "held", LONG);
    sweeper
        .run(&["hold", "held", "--reason", "a customer looks at it"])
        .expect_success();
    workspace.write("main.tf", &super::configuration("held", SHORT));
    workspace
        .terraform(&[
            "apply",
            "-auto-approve",
            "-no-color",
            "-replace=ephemeral_environment.this",
        ])
        .expect_success();
    assert_eq!(
        workspace.attribute("ephemeral_environment.this", "generation"),
        2
    );
    // Another one of the same age is due, so time has passed for the held one too.
    apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    let before = workspace.read("terraform.tfstate");
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(before, workspace.read("terraform.tfstate"));
    assert_eq!(super::phase(&sweeper, "held"), "held");
}
