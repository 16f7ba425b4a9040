//! Bypassed opt-out: expired resources bypassed their owner's opt-out and exclusions.

use acceptance::World;

use crate::sweep::{LONG, SHORT, apply, sweeper, wait_until_due};

#[test]
fn expiry_never_bypasses_a_hold_a_protection_or_an_opt_out() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let held = apply(&world, "held", SHORT);
    sweeper
        .run(&["hold", "held", "--reason", "legal asked for it"])
        .expect_success();
    let tagged = |name: &str, key: &str, value: &str| {
        let tags = format!("{SHORT}\ntags = {{ \"ephemeral-{key}\" = \"{value}\" }}");
        apply(&world, name, &tags)
    };
    let kept = [
        held,
        tagged("protected", "protect", "true"),
        tagged("unclear", "protect", "do-not-delete"),
        tagged("opted-out", "opt-out", "true"),
        tagged("unclear-too", "opt-out", "1"),
    ];
    // One without any of it becomes due, so time has passed for all of them.
    let due = apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    let before: Vec<String> = kept
        .iter()
        .map(|kept| kept.read("terraform.tfstate"))
        .collect();
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    sweeper.run(&["apply", "sweep.plan"]).expect_success();
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(due.addresses(), [""; 0]);
    let after: Vec<String> = kept
        .iter()
        .map(|kept| kept.read("terraform.tfstate"))
        .collect();
    assert_eq!(before, after);
}
