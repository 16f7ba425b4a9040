//! One living environment for each name: another state that wants the same one is refused on that line.

use acceptance::World;

use super::ledger::{Ledger, ends};
use super::{THIS, apply, environment, errors};

#[test]
fn two_states_cannot_have_the_same_living_name() {
    let world = World::new();
    let first = apply(&world, "shop", "");
    let second = world.workspace("other");
    second.write("main.tf", &environment("shop", ""));
    let refused = second.terraform(&["apply", "-auto-approve", "-json"]);
    assert_eq!(
        errors(&refused),
        ["Environment Name In Use at name = \"shop\""]
    );
    let place = format!("local:{}", first.path("terraform.tfstate").display());
    let said = refused.expect_failure();
    assert!(said.stdout.contains(&place), "{said}");
    let ledger = Ledger::of(&world);
    assert_eq!(ends(&ledger.environments()), [("shop", 1, "living")]);
    first.expect_no_changes();

    first.destroy().expect_success();
    second.apply().expect_success();
    assert_eq!(
        ends(&ledger.environments()),
        [("shop", 1, "released"), ("shop", 2, "living")]
    );
}

#[test]
fn two_workspaces_of_one_configuration_are_two_states() {
    let world = World::new();
    let workspace = apply(&world, "shop", "");
    workspace
        .terraform(&["workspace", "new", "blue"])
        .expect_success();
    workspace
        .apply()
        .expect_failure_containing("Environment Name In Use");
    workspace.write("main.tf", &environment("shop-${terraform.workspace}", ""));
    workspace.apply().expect_success();
    let ledger = Ledger::of(&world);
    assert_eq!(
        ends(&ledger.environments()),
        [("shop", 1, "living"), ("shop-blue", 1, "living")]
    );
    workspace.destroy().expect_success();
    workspace
        .terraform(&["workspace", "select", "default"])
        .expect_success();
    assert_eq!(
        ends(&ledger.environments()),
        [("shop", 1, "living"), ("shop-blue", 1, "released")]
    );
}

#[test]
fn two_resources_of_one_state_cannot_have_one_name() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let second = "resource \"ephemeral_environment\" \"twin\" {\n  name = \"pr-1\"\n  depends_on = [ephemeral_environment.this]\n}\n";
    workspace.write("main.tf", &format!("{}{second}", environment("pr-1", "")));
    workspace
        .apply()
        .expect_failure_containing("Environment Name Used Twice");
    let living = Ledger::of(&world).living();
    assert_eq!(living.len(), 1);
    assert_eq!(workspace.attribute(THIS, "id"), living[0].id.as_str());
}
