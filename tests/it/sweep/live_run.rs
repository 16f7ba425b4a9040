//! A run that is killed: its environment is kept while its lease lasts, and destroyed afterwards, with the evidence named.

use std::time::Duration;

use acceptance::{World, wait_for};
use ledger::clock::rfc3339;
use ledger::run::{Life, RunEnd};

use super::{LONG, SHORT, apply, sweeper, wait_until_due};
use crate::terraform::ledger::Ledger;
use crate::terraform::run_lease::{SLOW, configuration};

const LIMIT: Duration = Duration::from_secs(90);

#[test]
fn what_a_killed_run_was_at_work_on_is_kept_until_its_lease_is_over_and_then_destroyed() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let ledger = Ledger::of(&world);
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &configuration("pr-1", SHORT, "30s"));
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);

    workspace.write("slow.tf", SLOW);
    let mut run = workspace.spawn(&["apply", "-auto-approve", "-no-color"]);
    wait_for("the slow resource to begin", LIMIT, || {
        workspace.path("started").exists()
    });
    run.kill9_group();
    let _ = run.wait(LIMIT);
    workspace.write("finish", "");

    // Expired, unlocked, and nobody renews its lease: kept all the same, as long as the lease lasts.
    let (killed, _) = ledger.last_run();
    let mut kept = 0;
    wait_for("the run to be dead", LIMIT, || {
        let explained = sweeper.json(&["explain", "pr-1"]);
        let (found, life) = ledger.last_run();
        assert_eq!((found.id, found.end), (killed.id.clone(), None));
        if matches!(life, Life::Dead { .. }) {
            return true;
        }
        let decision = &explained["decision"];
        assert_eq!(decision["verdict"], "keep", "{explained}");
        assert_eq!(decision["rule"], "live-run", "{explained}");
        if kept == 0 {
            // Once, with most of the lease ahead: a sweep that came at its very end could be right to destroy.
            sweeper.run(&["apply", "--auto-approve"]).expect_success();
        }
        kept += 1;
        false
    });
    assert!(0 < kept, "no sweep came while the lease lasted");
    assert!(
        workspace
            .addresses()
            .contains(&"ephemeral_environment.this".to_owned())
    );

    wait_until_due(&sweeper, 1);
    let since = rfc3339(killed.alive_until());
    sweeper
        .run(&["explain", "pr-1"])
        .expect_saying(&format!("dead since {since}"));
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(workspace.addresses(), [""; 0]);
    assert_eq!(super::phase(&sweeper, "pr-1"), "destroyed");
    let found = ledger.runs().into_iter().find(|run| run.id == killed.id);
    let end = found.expect("nothing is lost").end;
    assert!(
        matches!(end, Some(RunEnd::Died { at, .. }) if at == killed.alive_until()),
        "{end:?}"
    );
    sweeper.run(&["audit", "verify"]).expect_success();
}
