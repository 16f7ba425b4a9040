//! Replacement: a new name is a new life; each name counts its own.

use acceptance::World;

use super::ledger::{Ledger, ends};
use super::{THIS, actions, apply, environment};

#[test]
fn a_new_name_replaces_and_the_old_one_starts_its_second_generation_when_it_returns() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let ledger = Ledger::of(&world);
    workspace.write("main.tf", &environment("pr-2", ""));
    let plan = workspace.plan_json(&[]);
    assert_eq!(actions(&plan, THIS), ["delete", "create"]);
    assert_eq!(actions(&plan, "terraform_data.page"), ["no-op"]);
    workspace
        .apply()
        .expect_success()
        .expect_saying("forces replacement");
    assert_eq!(
        ends(&ledger.environments()),
        [("pr-1", 1, "released"), ("pr-2", 1, "living")]
    );
    workspace.write("main.tf", &environment("pr-1", ""));
    workspace.apply().expect_success();
    assert_eq!(workspace.attribute(THIS, "generation"), 2);
    assert_eq!(
        ends(&ledger.environments()),
        [
            ("pr-1", 1, "released"),
            ("pr-1", 2, "living"),
            ("pr-2", 1, "released")
        ]
    );
    assert!(
        workspace.path("page.html").exists(),
        "nothing else was replaced"
    );
    workspace.expect_no_changes();
}

#[test]
fn a_replacement_that_creates_before_it_destroys_supersedes_its_own_name() {
    let world = World::new();
    let first = "lifecycle {\n    create_before_destroy = true\n  }";
    let workspace = apply(&world, "pr-1", first);
    let ledger = Ledger::of(&world);
    let replace = format!("-replace={THIS}");
    let replaced = workspace.terraform(&["apply", "-auto-approve", "-no-color", &replace]);
    replaced
        .expect_success()
        .expect_saying("1 added, 0 changed, 1 destroyed");
    assert_eq!(
        ends(&ledger.environments()),
        [("pr-1", 1, "released"), ("pr-1", 2, "living")]
    );
    assert_eq!(
        workspace.attribute(THIS, "id"),
        ledger.living()[0].id.as_str()
    );
    workspace.expect_no_changes();
}

#[test]
fn a_plain_replacement_gives_back_first_and_lives_again() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let replace = format!("-replace={THIS}");
    let replaced = workspace.terraform(&["apply", "-auto-approve", "-no-color", &replace]);
    replaced.expect_success();
    let ledger = Ledger::of(&world);
    assert_eq!(
        ends(&ledger.environments()),
        [("pr-1", 1, "released"), ("pr-1", 2, "living")]
    );
    workspace.expect_no_changes();
}

#[test]
fn a_lifetime_over_the_maximum_leaves_what_lives_as_it_is() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", r#"lifetime = { ttl = "2h" }"#);
    let state = super::state_file(&workspace);
    let ledger = Ledger::of(&world);
    let before = ledger.environment();
    workspace.write(
        "main.tf",
        &environment("pr-1", r#"lifetime = { ttl = "73h" }"#),
    );
    workspace
        .apply()
        .expect_failure_containing("Invalid Lifetime");
    assert_eq!(super::state_file(&workspace), state);
    assert_eq!(ledger.environment(), before);
}
