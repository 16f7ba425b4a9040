//! Two sweepers, one environment: it is destroyed once.

use acceptance::World;

use super::{LONG, SHORT, apply, phase, sweeper, wait_until_due};

#[test]
fn of_two_sweepers_at_once_one_destroys_and_the_other_says_who() {
    let world = World::new();
    apply(&world, "live", LONG);
    let first = sweeper(&world);
    let second = world.sweeper_on("other-host");
    let workspace = apply(&world, "due", SHORT);
    wait_until_due(&first, 1);
    first.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    let plan = first.folder().join("sweep.plan");
    let plan = plan.to_string_lossy();
    let mut runs: Vec<_> = [&first, &second]
        .into_iter()
        .map(|sweeper| sweeper.spawn(&["apply", &plan, "--json"]))
        .collect();
    let codes: Vec<i32> = runs
        .iter_mut()
        .map(|run| run.wait(super::SOON).code())
        .collect();
    assert!(codes.contains(&0) && codes.contains(&3), "{codes:?}");
    assert_eq!(workspace.addresses(), [""; 0]);
    assert_eq!(phase(&first, "due"), "destroyed");
    let explained = first.run(&["explain", "due", "--json"]).json();
    let events = explained["events"].as_array().cloned().unwrap_or_default();
    let destroyed = events.iter().filter(|event| event["kind"] == "destroyed");
    assert_eq!(destroyed.count(), 1, "{explained}");
    first.run(&["audit", "verify"]).expect_success();
}
