//! Create: what the first plan knows, what the apply adds, and that nothing is left to do.

use acceptance::World;
use acceptance::workspace::CHANGES;
use serde_json::json;

use super::ledger::{Ledger, ends};
use super::{REQUIRED, THIS, actions, apply, change, environment, text};

#[test]
fn the_first_plan_knows_default_tags_and_the_apply_adds_time_and_id() {
    let world = World::new();
    let workspace = world.workspace("pr-128");
    let arguments = r#"team = "checkout"
  tags = { cost-centre = "4711" }
  pull_request = { repository = "acme/shop", number = 128 }"#;
    workspace.write("main.tf", &environment("pr-128", arguments));
    let plan = workspace.plan_json(&[]);
    let expected = json!({
        "cost-centre": "4711",
        "ephemeral-environment": "pr-128",
        "ephemeral-managed-by": "terraform-provider-ephemeral",
        "ephemeral-owner": "ana",
        "ephemeral-pull-request": "128",
        "ephemeral-repository": "acme-shop",
        "ephemeral-team": "checkout",
    });
    let planned = change(&plan, THIS);
    assert_eq!(planned["actions"], json!(["create"]));
    assert_eq!(planned["after"]["default_tags"], expected);
    assert_eq!(planned["after"]["running"], true);
    for name in [
        "id",
        "generation",
        "created_at",
        "expires_at",
        "hard_expires_at",
        "tags_all",
    ] {
        assert_eq!(planned["after_unknown"][name], true, "{name}");
    }
    assert!(!world.ledger_file().exists(), "a plan makes no ledger");

    workspace.apply().expect_success();
    let record = Ledger::of(&world).environment();
    let state = workspace.resource(THIS).expect("it is in the state");
    assert_eq!(state["id"], record.id.as_str());
    assert_eq!(state["generation"], 1);
    assert_eq!(state["default_tags"], expected);
    let mut all = expected;
    all["ephemeral-lease-id"] = json!(record.id.as_str());
    all["ephemeral-created-at"] = json!(
        text(&workspace, "created_at")
            .to_lowercase()
            .replace(':', "-")
    );
    assert_eq!(state["tags_all"], all);
    assert_eq!(
        state["state_address"],
        format!("local:{}", workspace.path("terraform.tfstate").display())
    );
    assert_eq!(record.created_by.issuer, "local");
    assert!(record.created_by.subject.starts_with("tester@"));
}

#[test]
fn a_second_plan_has_nothing_to_do_and_a_second_apply_writes_nothing() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", r#"triggers = { commit = "abc" }"#);
    workspace.expect_no_changes();
    let state = super::state_file(&workspace);
    workspace
        .apply()
        .expect_success()
        .expect_saying("0 added, 0 changed, 0 destroyed");
    assert_eq!(super::state_file(&workspace), state);
    let ledger = Ledger::of(&world);
    assert_eq!(ledger.events(&ledger.environment()).len(), 1);
}

#[test]
fn with_both_addresses_installed_no_resource_names_its_provider_and_nothing_warns() {
    let world = World::installed();
    let workspace = world.workspace("both");
    let lease = r#"resource "ttl_lease" "bastion" { ttl = "4h" }"#;
    workspace.write("main.tf", &format!("{}{lease}", environment("both", "")));
    workspace.init().expect_success();
    workspace.validate().expect_success();
    workspace
        .plan()
        .expect_exit(CHANGES)
        .expect_not_saying("Warning");
    workspace
        .apply()
        .expect_success()
        .expect_not_saying("Warning");
    workspace.expect_no_changes().expect_not_saying("Warning");
    workspace
        .destroy()
        .expect_success()
        .expect_not_saying("Warning");
    let ledger = Ledger::of(&world);
    assert_eq!(ends(&ledger.environments()), [("both", 1, "released")]);
    assert!(ledger.leases()[0].released.is_some());
}

#[test]
fn with_one_address_a_lease_names_its_provider() {
    let world = World::installed();
    let workspace = world.workspace("one");
    workspace.write(
        "main.tf",
        r#"
        terraform {
          required_providers {
            ephemeral = { source = "ephemeral-environments/ephemeral" }
          }
        }
        provider "ephemeral" { default_owner = "ana" }
        resource "ephemeral_environment" "this" { name = "one" }
        resource "ttl_lease" "bastion" {
          provider    = ephemeral
          environment = ephemeral_environment.this.id
          ttl         = "4h"
        }
        "#,
    );
    workspace.init().expect_success();
    workspace
        .apply()
        .expect_success()
        .expect_not_saying("Warning");
    workspace.expect_no_changes();
    workspace.write("main.tf", "");
    workspace
        .apply()
        .expect_success()
        .expect_saying("2 destroyed");
}

#[test]
fn everything_can_come_from_the_environment_so_that_the_block_stays_empty() {
    let world = World::new();
    let workspace = world
        .workspace("pr-1")
        .with_env("EPHEMERAL_DEFAULT_OWNER", "bob")
        .with_env("EPHEMERAL_DEFAULT_LIFETIME", "ttl=24h,max=48h")
        .with_env("EPHEMERAL_TAG_PREFIX", "acme-")
        .with_env("EPHEMERAL_REQUIRED_TAGS", "cost-centre")
        .with_env("EPHEMERAL_MAX_LIFETIME", "ttl=30h");
    let configuration = |tags: &str, ttl: &str| {
        let required = REQUIRED.replace("default_owner = \"ana\"", "");
        format!(
            "{required}resource \"ephemeral_environment\" \"this\" {{\n  name = \"pr-1\"\n  tags = {tags}\n  lifetime = {ttl}\n}}\n"
        )
    };
    workspace.write("main.tf", &configuration("{}", "{}"));
    workspace.plan().expect_failure_containing("cost-centre");
    let right = r#"{ "cost-centre" = "1" }"#;
    workspace.write("main.tf", &configuration(right, r#"{ ttl = "31h" }"#));
    workspace
        .plan()
        .expect_failure_containing("allows at most 30h");
    workspace.write("main.tf", &configuration(right, "{}"));
    let plan = workspace.plan_json(&[]);
    let after = &change(&plan, THIS)["after"];
    assert_eq!(after["default_tags"]["acme-owner"], "bob");
    assert_eq!(
        (&after["lifetime"]["ttl"], &after["lifetime"]["max"]),
        (&json!("24h"), &json!("48h"))
    );
}

#[test]
fn a_configured_change_is_kept_for_the_destroy_by_the_next_apply() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let ledger = Ledger::of(&world);
    let kept = |what: &str| {
        let capture = ledger.environment().capture.expect(what);
        (capture.prevent_destroy, capture.destroy_provisioners)
    };
    let page = "terraform_data.page".to_owned();
    assert_eq!(kept("at creation"), (vec![], vec![page.clone()]));
    workspace.write(
        "database.tf",
        "resource \"terraform_data\" \"database\" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n",
    );
    let plan = workspace.plan_json(&[]);
    assert_eq!(actions(&plan, THIS), ["update"]);
    assert_eq!(
        super::changed(&plan, THIS),
        ["configuration", "state_address"]
    );
    workspace.apply().expect_success();
    let protected = vec!["terraform_data.database".to_owned()];
    assert_eq!(kept("after the change"), (protected, vec![page]));
    workspace.expect_no_changes();
}
