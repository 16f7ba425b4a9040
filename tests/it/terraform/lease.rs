//! `ttl_lease`: a part comes and goes with its lease; a lapse is a plain plan, never an error.

use acceptance::World;
use acceptance::workspace::{CHANGES, TerraformWorkspace};
use chrono::TimeDelta;

use super::ledger::Ledger;
use super::{REQUIRED, actions, change, errors};

const LEASE: &str = "ttl_lease.bastion";
const BASTION: &str = "terraform_data.bastion[0]";
const RULE: &str = "terraform_data.rule[\"ssh\"]";

/// A lease with `arguments`, two parts that are gated on it, and one that is not.
fn configuration(arguments: &str) -> String {
    format!(
        r#"{REQUIRED}
resource "ttl_lease" "bastion" {{
  {arguments}
}}
resource "terraform_data" "bastion" {{
  count = ttl_lease.bastion.active ? 1 : 0
  input = ttl_lease.bastion.fencing_token
}}
resource "terraform_data" "rule" {{
  for_each = ttl_lease.bastion.active ? toset(["ssh"]) : toset([])
}}
resource "terraform_data" "shop" {{}}
"#
    )
}

fn apply<'world>(world: &'world World, arguments: &str) -> TerraformWorkspace<'world> {
    let workspace = world.workspace("bastion");
    workspace.write("main.tf", &configuration(arguments));
    workspace.apply().expect_success();
    workspace
}

/// Makes the lease as old as if it had been granted `hours` earlier.
fn age(ledger: &Ledger, hours: i64) {
    ledger.change_lease(&ledger.leases()[0], |lease| {
        lease.created_at -= TimeDelta::hours(hours);
        lease.renewed_at -= TimeDelta::hours(hours);
    });
}

#[test]
fn a_lease_is_active_in_its_first_plan_and_lapses_into_a_plan_without_the_part() {
    let world = World::new();
    let workspace = world.workspace("bastion");
    let arguments = r#"ttl = "4h"
  triggers = { run = "1" }"#;
    workspace.write("main.tf", &configuration(arguments));
    let plan = workspace.plan_json(&[]);
    assert_eq!(change(&plan, LEASE)["after"]["active"], true);
    assert_eq!(actions(&plan, BASTION), ["create"]);
    assert_eq!(actions(&plan, RULE), ["create"]);
    workspace.apply().expect_success();
    workspace.expect_no_changes();

    let ledger = Ledger::of(&world);
    age(&ledger, 5);
    workspace
        .terraform(&["plan", "-refresh-only", "-detailed-exitcode", "-no-color"])
        .expect_exit(CHANGES)
        .expect_not_saying("Error");
    let plan = workspace.plan_json(&[]);
    assert_eq!(actions(&plan, BASTION), ["delete"]);
    assert_eq!(actions(&plan, RULE), ["delete"]);
    assert_eq!(actions(&plan, LEASE), ["no-op"]);
    assert_eq!(actions(&plan, "terraform_data.shop"), ["no-op"]);
    workspace
        .apply()
        .expect_success()
        .expect_saying("2 destroyed");
    assert_eq!(workspace.addresses(), ["terraform_data.shop", LEASE]);
    workspace.expect_no_changes();

    workspace.write("main.tf", &configuration(&arguments.replace('1', "2")));
    workspace
        .apply()
        .expect_success()
        .expect_saying("2 added, 1 changed");
    assert_eq!(workspace.attribute(LEASE, "fencing_token"), 2);
    assert_eq!(workspace.attribute(BASTION, "output"), 2);
    workspace.expect_no_changes();
    workspace.destroy().expect_success();
    assert!(ledger.leases()[0].released.is_some());
}

#[test]
fn a_trigger_or_another_length_renews_and_the_token_grows_with_each_grant() {
    let world = World::new();
    let workspace = apply(&world, r#"ttl = "4h""#);
    let mut before = workspace.attribute(LEASE, "expires_at");
    let ledger = Ledger::of(&world);
    for (token, arguments) in [
        (2, "ttl = \"5h\""),
        (3, "ttl = \"5h\"\n  triggers = { run = \"1\" }"),
        (
            4,
            "ttl = \"5h\"\n  triggers = { run = \"1\" }\n  max_ttl = \"20h\"",
        ),
    ] {
        age(&ledger, 1);
        workspace.write("main.tf", &configuration(arguments));
        workspace.apply().expect_success();
        assert_eq!(workspace.attribute(LEASE, "fencing_token"), token);
        let after = workspace.attribute(LEASE, "expires_at");
        assert!(before.as_str() <= after.as_str(), "{before} {after}");
        before = after;
        workspace.expect_no_changes();
    }
}

#[test]
fn a_renewal_past_the_maximum_is_refused_and_the_part_stays_gone() {
    let world = World::new();
    let arguments =
        |run: &str| format!("ttl = \"4h\"\n  max_ttl = \"6h\"\n  triggers = {{ run = \"{run}\" }}");
    let workspace = apply(&world, &arguments("1"));
    let ledger = Ledger::of(&world);
    age(&ledger, 7);
    workspace.apply().expect_success();
    workspace.write("main.tf", &configuration(&arguments("2")));
    workspace
        .apply()
        .expect_failure_containing("Lease Past Its Maximum")
        .expect_saying("max_ttl");
    assert_eq!(ledger.leases()[0].fencing_token, 1);
    assert_eq!(workspace.attribute(LEASE, "active"), false);
}

#[test]
fn a_lease_outside_its_own_bounds_or_of_nobodys_environment_is_refused_on_that_line() {
    let world = World::new();
    let workspace = world.workspace("bastion");
    for (arguments, said) in [
        (
            "ttl = \"8h\"\n  max_ttl = \"6h\"",
            "Invalid Lease Duration at ttl = \"8h\"",
        ),
        ("ttl = \"0\"", "Invalid Duration at ttl = \"0\""),
        (
            "ttl = \"4h\"\n  max_ttl = \"\"",
            "Invalid Duration at max_ttl = \"\"",
        ),
        (
            "ttl = \"4h\"\n  environment = \"nobody\"",
            "Unknown Environment at environment = \"nobody\"",
        ),
    ] {
        workspace.write("main.tf", &configuration(arguments));
        let refused = workspace.terraform(&["apply", "-auto-approve", "-json"]);
        assert_eq!(errors(&refused), [said], "{refused}");
        assert!(!workspace.addresses().contains(&LEASE.to_owned()));
    }
    assert_eq!(Ledger::of(&world).leases(), []);
}

#[test]
fn a_lease_of_an_environment_of_the_same_apply_belongs_to_it() {
    let world = World::new();
    let environment = "resource \"ephemeral_environment\" \"this\" {\n  name = \"pr-1\"\n}\n";
    let workspace = world.workspace("bastion");
    workspace.write("environment.tf", environment);
    let arguments = "environment = ephemeral_environment.this.id\n  ttl = \"4h\"\n  targets = [\"terraform_data.bastion\"]";
    workspace.write("main.tf", &configuration(arguments));
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    let ledger = Ledger::of(&world);
    let lease = &ledger.leases()[0];
    assert_eq!(
        lease.environment.as_deref(),
        Some(ledger.environment().id.as_str())
    );
    assert_eq!(lease.targets, ["terraform_data.bastion"]);
    let id = lease.id.as_str().to_owned();
    workspace
        .terraform(&["state", "rm", LEASE])
        .expect_success();
    workspace.import(LEASE, &id).expect_success();
    workspace.expect_no_changes();
}
