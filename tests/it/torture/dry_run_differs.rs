//! Dry run differs: the dry run printed another TTL than the real run used.

use std::collections::BTreeSet;

use acceptance::World;
use serde_json::Value;

use crate::sweep::{LONG, SHORT, apply, sweeper, verdicts, wait_until_due};

#[test]
fn the_dry_run_and_the_real_run_are_one() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    apply(&world, "one", SHORT);
    apply(&world, "two", SHORT);
    apply(&world, "held", SHORT);
    sweeper
        .run(&["hold", "held", "--reason", "wait"])
        .expect_success();
    wait_until_due(&sweeper, 2);

    let dry = sweeper.json(&["plan"]);
    sweeper.run(&["plan", "--out", "sweep.plan"]).expect_exit(2);
    let saved: Value = serde_json::from_str(
        &std::fs::read_to_string(sweeper.folder().join("sweep.plan")).expect("reading the plan"),
    )
    .expect("a plan is JSON");
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    let real: BTreeSet<String> = run.json()["results"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|result| result["result"] == "destroyed")
        .filter_map(|result| result["name"].as_str().map(str::to_owned))
        .collect();

    // What was shown, what was saved and what was done name the same environments.
    let names =
        |plan: &Value| -> BTreeSet<String> { verdicts(plan, "destroy").into_iter().collect() };
    assert_eq!(names(&dry), real);
    assert_eq!(names(&saved), real);
    // And the same lifetimes, decided by the same rules, pinned to the same states.
    let facts = |plan: &Value| -> Vec<Value> {
        let items = plan["items"].as_array().cloned().unwrap_or_default();
        items
            .into_iter()
            .filter(|item| item["action"] == "destroy")
            .map(|item| {
                serde_json::json!([item["id"], item["expires_at_ms"], item["rule"], item["pin"]])
            })
            .collect()
    };
    assert_eq!(facts(&dry), facts(&saved));
}
