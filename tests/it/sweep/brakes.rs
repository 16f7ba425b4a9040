//! Brakes: a sudden jump stops the whole sweep, nothing is done by halves, and a person releases it in a saved plan.

use acceptance::World;

use super::{LONG, SHORT, apply, sweeper, wait_until_due};

#[test]
fn a_sudden_jump_stops_the_whole_sweep_until_a_person_has_looked() {
    let world = World::new();
    apply(&world, "live", LONG);
    // More than one that are also more than half: the same rule as by default, at a size a test can have.
    let sweeper = sweeper(&world).with_env("EPHEMERAL_JUMP_COUNT", "1");
    let due: Vec<_> = ["one", "two"]
        .into_iter()
        .map(|name| apply(&world, name, SHORT))
        .collect();
    wait_until_due(&sweeper, 2);
    for _ in 0..2 {
        // Asking again does not wear it down.
        let run = sweeper.run(&["apply", "--auto-approve"]).expect_exit(4);
        run.expect_saying("Brake (jump)");
        let stopped = sweeper.json(&["apply", "--auto-approve"]);
        assert_eq!(
            (&stopped["version"], &stopped["mode"]),
            (&1.into(), &"braked".into())
        );
        assert_eq!(stopped["brakes"][0]["kind"], "jump", "{stopped}");
        assert_eq!(stopped["brakes"][0]["released"], false, "{stopped}");
        assert_eq!(stopped["results"], serde_json::json!([]), "{stopped}");
        assert_eq!(
            stopped["left"].as_array().map(Vec::len),
            Some(2),
            "{stopped}"
        );
        assert!(due.iter().all(|workspace| workspace.addresses().len() == 4));
    }
    sweeper
        .run(&["plan", "--release-brake", "clock", "--out", "sweep.plan"])
        .expect_exit(64);
    sweeper
        .run(&["plan", "--release-brake", "jump", "--out", "sweep.plan"])
        .expect_exit(2);
    sweeper.run(&["apply", "sweep.plan"]).expect_success();
    assert!(due.iter().all(|workspace| workspace.addresses().is_empty()));
}

#[test]
fn a_brake_released_for_one_plan_is_not_worn_down_for_what_was_not_in_it() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_JUMP_COUNT", "1");
    let reviewed = apply(&world, "reviewed", SHORT);
    wait_until_due(&sweeper, 1);
    sweeper
        .run(&["plan", "--release-brake", "jump", "--out", "sweep.plan"])
        .expect_exit(2);
    let unseen: Vec<_> = ["one", "two"]
        .into_iter()
        .map(|name| apply(&world, name, SHORT))
        .collect();
    wait_until_due(&sweeper, 3);
    // The plan does what it says, however old it is, and nobody has looked at the others.
    sweeper.run(&["apply", "sweep.plan"]).expect_exit(2);
    assert_eq!(reviewed.addresses(), [""; 0]);
    let run = sweeper.run(&["apply", "--auto-approve"]).expect_exit(4);
    run.expect_saying("Brake (jump)");
    assert!(
        unseen
            .iter()
            .all(|workspace| workspace.addresses().len() == 4)
    );
}
