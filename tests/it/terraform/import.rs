//! Import: a living environment comes into a state by its id or name; a plan then shows only what the ledger lacks.

use acceptance::World;
use acceptance::workspace::CHANGES;

use super::ledger::Ledger;
use super::{THIS, actions, apply, changed, environment};

const ARGUMENTS: &str = r#"team = "checkout"
  lifetime = { ttl = "36h" }
  tags = { cost-centre = "4711" }
  triggers = { commit = "abc" }
  pull_request = { repository = "acme/shop", number = 128 }"#;

#[test]
fn an_import_by_id_or_by_name_leaves_only_what_cannot_be_imported() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", ARGUMENTS);
    let ledger = Ledger::of(&world);
    let record = ledger.environment();
    for key in [record.id.as_str(), "pr-1"] {
        workspace.terraform(&["state", "rm", THIS]).expect_success();
        workspace.import(THIS, key).expect_success();
        let plan = workspace.plan_json(&[]);
        assert_eq!(actions(&plan, THIS), ["update"]);
        assert_eq!(
            changed(&plan, THIS),
            [
                "configuration",
                "expires_at",
                "phase",
                "state_address",
                "triggers"
            ],
            "the ledger holds no triggers, so the first apply renews"
        );
    }
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    assert_eq!(ledger.environment().id, record.id);
}

#[test]
fn without_triggers_the_first_apply_after_an_import_keeps_the_configuration_and_renews_nothing() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", r#"lifetime = { ttl = "36h" }"#);
    let before = Ledger::of(&world).environment();
    workspace.terraform(&["state", "rm", THIS]).expect_success();
    workspace.import(THIS, "pr-1").expect_success();
    let plan = workspace.plan_json(&[]);
    assert_eq!(actions(&plan, THIS), ["update"]);
    assert_eq!(changed(&plan, THIS), ["configuration", "state_address"]);
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    let after = Ledger::of(&world).environment();
    assert_eq!(after.expires_at(), before.expires_at());
}

#[test]
fn an_import_block_adopts_what_lives_and_moves_its_record_to_this_state() {
    let world = World::new();
    let old = apply(&world, "pr-1", "");
    old.terraform(&["state", "rm", THIS]).expect_success();
    let new = world.workspace("new-home");
    let block = format!("import {{\n  to = {THIS}\n  id = \"pr-1\"\n}}\n");
    new.write("main.tf", &environment("pr-1", ""))
        .write("import.tf", &block);
    new.plan().expect_exit(CHANGES).expect_saying("1 to import");
    new.apply().expect_success();
    new.expect_no_changes();
    let record = Ledger::of(&world).environment();
    let address = record.state.expect("an address").to_string();
    assert_eq!(
        address,
        format!("local:{}", new.path("terraform.tfstate").display())
    );
}

#[test]
fn what_does_not_live_in_the_ledger_cannot_be_imported() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let gone = Ledger::of(&world).environment();
    workspace.destroy().expect_success();
    for key in ["pr-1", gone.id.as_str(), "pr-2", "*"] {
        workspace
            .import(THIS, key)
            .expect_failure_containing("Nothing To Import");
    }
}
