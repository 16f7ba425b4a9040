//! The first sweep that sees an environment in its state notes the state's lineage; it must be the same for ever after.

use acceptance::World;

use super::{LONG, apply, phase};

#[test]
fn a_living_environment_is_ready_once_a_sweep_has_seen_it_and_its_lineage_is_kept() {
    let world = World::new();
    let workspace = apply(&world, "seen", LONG);
    let sweeper = world.sweeper();
    sweeper.run(&["plan"]).expect_success();
    assert_eq!(phase(&sweeper, "seen"), "provisioning", "a plan only looks");
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(phase(&sweeper, "seen"), "ready");
    let events = |kind: &str| {
        let explained = sweeper.json(&["explain", "seen"]);
        let events = explained["events"].as_array().cloned().unwrap_or_default();
        events.iter().filter(|event| event["kind"] == kind).count()
    };
    assert_eq!(events("seen"), 1);
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(events("seen"), 1, "it is noted once");
    workspace.expect_no_changes();

    // The same marker in a state of another lineage: a copy that became a state of its own.
    let state = workspace.read("terraform.tfstate");
    let lineage = workspace.state_json()["lineage"]
        .as_str()
        .expect("a lineage")
        .to_owned();
    workspace.write(
        "terraform.tfstate",
        &state.replace(&lineage, "00000000-0000-4000-8000-000000000000"),
    );
    let plan = sweeper.json(&["plan"]);
    assert_eq!(super::verdicts(&plan, "review"), ["seen"], "{plan}");
}
