//! Destroy by Terraform: the record is given back, the chain tells of it, and the rest dies by Terraform's hand alone.

use acceptance::World;
use ledger::environment::Lifecycle;
use ledger::event::EventKind;

use super::apply;
use super::ledger::Ledger;

#[test]
fn a_destroy_releases_the_record_and_the_chain_says_who_and_why() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    workspace
        .destroy()
        .expect_success()
        .expect_saying("2 destroyed");
    assert!(!workspace.path("page.html").exists());
    let ledger = Ledger::of(&world);
    let record = ledger.environment();
    let Lifecycle::Released { at, by, reason } = &record.lifecycle else {
        panic!("it is released: {record:?}")
    };
    assert!(record.created_at <= *at);
    assert!(by.subject.starts_with("tester@"), "{by}");
    assert_eq!(
        reason,
        "removed from its configuration or destroyed by Terraform"
    );
    assert_eq!(
        ledger.events(&record),
        [EventKind::Created, EventKind::Released]
    );
    workspace
        .destroy()
        .expect_success()
        .expect_saying("0 destroyed");
    assert_eq!(ledger.events(&record).len(), 2);
}

#[test]
fn removing_the_resource_from_the_configuration_releases_it_and_touches_nothing_else() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    workspace.write("main.tf", &format!("{}{}", super::REQUIRED, super::PAGE));
    workspace
        .apply()
        .expect_success()
        .expect_saying("1 destroyed");
    assert_eq!(workspace.addresses(), ["terraform_data.page"]);
    assert!(workspace.path("page.html").exists());
    assert!(Ledger::of(&world).environment().is_over());
}

#[test]
fn what_somebody_else_gave_back_is_destroyed_without_a_word() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let ledger = Ledger::of(&world);
    ledger.change(&ledger.environment(), |environment| {
        environment.lifecycle = Lifecycle::Released {
            at: environment.created_at,
            by: environment.created_by.clone(),
            reason: "its state is gone".to_owned(),
        };
    });
    let before = ledger.environment();
    let unrefreshed =
        workspace.terraform(&["destroy", "-auto-approve", "-no-color", "-refresh=false"]);
    unrefreshed.expect_success();
    assert_eq!(ledger.environment(), before, "a tombstone is written once");
}
