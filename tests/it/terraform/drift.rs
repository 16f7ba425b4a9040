//! Drift: what somebody changed in the ledger against the configuration is put back in place.

use acceptance::World;

use super::ledger::Ledger;
use super::{THIS, actions, apply, changed, text};

#[test]
fn an_owner_changed_in_the_ledger_is_planned_back_in_place() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", r#"owner = "ana""#);
    let ledger = Ledger::of(&world);
    let id = ledger.environment().id;
    ledger.change(&ledger.environment(), |environment| {
        environment.owner = "mallory".to_owned();
        environment.tags.insert("stray".to_owned(), "x".to_owned());
    });
    let plan = workspace.plan_json(&[]);
    assert_eq!(actions(&plan, THIS), ["update"]);
    assert_eq!(
        changed(&plan, THIS),
        [
            "configuration",
            "default_tags",
            "owner",
            "state_address",
            "tags",
            "tags_all"
        ]
    );
    workspace
        .apply()
        .expect_success()
        .expect_saying("1 changed");
    let record = ledger.environment();
    assert_eq!(
        (record.id, record.owner.as_str(), record.tags.len()),
        (id, "ana", 0)
    );
    assert_eq!(text(&workspace, "owner"), "ana");
    workspace.expect_no_changes();
}
