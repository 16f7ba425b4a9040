//! An extension or a hold from outside Terraform shows in the state and is no difference to any configuration.

use acceptance::World;
use chrono::TimeDelta;
use ledger::clock::rfc3339;
use ledger::environment::Hold;
use ledger::identity::Identity;

use super::ledger::Ledger;
use super::{THIS, apply, text};

#[test]
fn an_extension_a_hold_and_a_hibernation_from_outside_are_no_diff() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", r#"lifetime = { ttl = "2h", max = "8h" }"#);
    let ledger = Ledger::of(&world);
    let before = text(&workspace, "expires_at");
    ledger.change(&ledger.environment(), |environment| {
        environment.extended_until = Some(environment.created_at + TimeDelta::hours(6));
        environment.running = false;
        environment.hold = Some(Hold {
            by: Identity::claimed("local", "bob"),
            reason: "looking at a crash".to_owned(),
            since: environment.created_at,
            until: None,
        });
    });
    workspace.expect_no_changes();
    assert_eq!(
        text(&workspace, "expires_at"),
        before,
        "a plan writes no state"
    );
    workspace.refresh().expect_success();
    let record = ledger.environment();
    assert_eq!(text(&workspace, "expires_at"), rfc3339(record.expires_at()));
    assert_eq!(record.expires_at() - record.created_at, TimeDelta::hours(6));
    assert_eq!(text(&workspace, "phase"), "held");
    assert_eq!(workspace.attribute(THIS, "running"), false);
    workspace.expect_no_changes();
}

#[test]
fn what_is_gated_on_running_leaves_and_returns_with_the_wish_in_the_ledger() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let gated = "resource \"terraform_data\" \"server\" {\n  count = ephemeral_environment.this.running ? 1 : 0\n}\n";
    workspace.write("server.tf", gated);
    workspace.apply().expect_success();
    let server = "terraform_data.server[0]".to_owned();
    assert!(workspace.addresses().contains(&server));
    let ledger = Ledger::of(&world);
    for running in [false, true] {
        ledger.change(&ledger.environment(), |environment| {
            environment.running = running
        });
        workspace.apply().expect_success();
        assert_eq!(workspace.addresses().contains(&server), running);
        workspace.expect_no_changes();
    }
}
