//! Gone: what the ledger authoritatively says is over is planned anew; nothing else of the state is.

use acceptance::World;
use acceptance::workspace::CHANGES;
use ledger::environment::{Environment, Evidence, Lifecycle};

use super::ledger::{Ledger, ends};
use super::{THIS, actions, apply};

fn released(environment: &mut Environment) {
    environment.lifecycle = Lifecycle::Released {
        at: environment.created_at,
        by: environment.created_by.clone(),
        reason: "given back by hand".to_owned(),
    };
}

fn destroyed(environment: &mut Environment) {
    environment.lifecycle = Lifecycle::Destroyed {
        at: environment.created_at,
        evidence: Evidence {
            lineage: "0".to_owned(),
            serial_before: 1,
            serial_after: 2,
            deleted: vec![],
            strategy: "empty".to_owned(),
            events_sha256: None,
        },
    };
}

#[test]
fn what_was_released_or_destroyed_elsewhere_is_planned_for_creation() {
    for (end, word) in [
        (released as fn(&mut _), "released"),
        (destroyed, "destroyed"),
    ] {
        let world = World::new();
        let workspace = apply(&world, "pr-1", "");
        let ledger = Ledger::of(&world);
        ledger.change(&ledger.environment(), end);
        let plan = workspace.plan_json(&[]);
        assert_eq!(actions(&plan, THIS), ["create"]);
        assert_eq!(actions(&plan, "terraform_data.page"), ["no-op"]);
        workspace
            .terraform(&["plan", "-refresh-only", "-detailed-exitcode", "-no-color"])
            .expect_exit(CHANGES)
            .expect_saying("has been deleted");
        workspace.apply().expect_success();
        assert_eq!(
            ends(&ledger.environments()),
            [("pr-1", 1, word), ("pr-1", 2, "living")]
        );
        workspace.expect_no_changes();
    }
}
