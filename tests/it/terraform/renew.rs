//! Renewal: a changed trigger sets the clock back to full, up to the hard end and no further.

use acceptance::World;
use chrono::TimeDelta;
use ledger::clock::rfc3339;
use ledger::event::EventKind;

use super::ledger::Ledger;
use super::{THIS, apply, changed, environment, text};

fn arguments(commit: &str) -> String {
    format!("lifetime = {{ ttl = \"2h\", max = \"5h\" }}\n  triggers = {{ commit = \"{commit}\" }}")
}

/// Makes the environment as old as if it had been created and renewed `hours` earlier.
fn age(ledger: &Ledger, hours: i64) {
    ledger.change(&ledger.environment(), |environment| {
        environment.created_at -= TimeDelta::hours(hours);
        environment.renewed_at -= TimeDelta::hours(hours);
    });
}

#[test]
fn a_changed_trigger_moves_the_end_and_never_past_the_hard_end() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", &arguments("a"));
    let ledger = Ledger::of(&world);

    age(&ledger, 1);
    workspace.expect_no_changes();
    workspace.refresh().expect_success();
    let (before, hard_end) = (
        text(&workspace, "expires_at"),
        text(&workspace, "hard_expires_at"),
    );
    workspace.write("main.tf", &environment("pr-1", &arguments("b")));
    let plan = workspace.plan_json(&[]);
    assert_eq!(
        changed(&plan, THIS),
        [
            "configuration",
            "expires_at",
            "phase",
            "state_address",
            "triggers"
        ]
    );
    workspace.apply().expect_success();
    let after = text(&workspace, "expires_at");
    assert!(before < after, "{before} < {after}");
    assert!(after < hard_end, "{after} < {hard_end}");
    assert_eq!(after, rfc3339(ledger.environment().expires_at()));
    assert_eq!(text(&workspace, "hard_expires_at"), hard_end);

    age(&ledger, 3);
    workspace.write("main.tf", &environment("pr-1", &arguments("c")));
    workspace
        .apply()
        .expect_success()
        .expect_not_saying("Renewal Without Effect");
    let (end, hard_end) = (
        text(&workspace, "expires_at"),
        text(&workspace, "hard_expires_at"),
    );
    assert_eq!(
        end, hard_end,
        "four of five hours have passed, so only one is left"
    );

    age(&ledger, 3);
    workspace.write("main.tf", &environment("pr-1", &arguments("d")));
    workspace
        .apply()
        .expect_success()
        .expect_saying("Renewal Without Effect");
    assert_eq!(
        text(&workspace, "expires_at"),
        text(&workspace, "hard_expires_at")
    );
    assert_eq!(text(&workspace, "phase"), "expired");
    let events = ledger.events(&ledger.environment());
    let renewals = events.iter().filter(|kind| **kind == EventKind::Renewed);
    assert_eq!(renewals.count(), 3);
    workspace.expect_no_changes();
}

#[test]
fn a_plan_that_was_saved_before_an_extension_can_still_be_applied() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", &arguments("a"));
    let ledger = Ledger::of(&world);
    let tagged = format!("{}\n  tags = {{ stage = \"preview\" }}", arguments("a"));
    workspace.write("main.tf", &environment("pr-1", &tagged));
    let saved = workspace.terraform(&["plan", "-no-color", "-out=saved"]);
    saved.expect_success();
    ledger.change(&ledger.environment(), |environment| {
        environment.extended_until = Some(environment.created_at + TimeDelta::hours(4));
        environment.running = false;
    });
    let applied = workspace.terraform(&["apply", "-no-color", "saved"]);
    applied.expect_success();
    workspace.expect_no_changes();
    let record = ledger.environment();
    assert_eq!(record.tags["stage"], "preview");
    assert!(
        !record.running && record.extended_until.is_some(),
        "{record:?}"
    );
}
