//! The data sources under real terraform: their examples read what another state recorded, an answer is that of the
//! moment, and what cannot be answered is an error at its line.

use acceptance::World;
use acceptance::repository;
use acceptance::workspace::{CHANGES, TerraformWorkspace};
use chrono::TimeDelta;
use ledger::environment::Environment;
use serde_json::{Value, json};

use super::ledger::Ledger;
use super::{REQUIRED, errors};

/// A preview with a lease, in a state of its own.
fn preview(world: &World) -> Ledger {
    let workspace = world.workspace("preview");
    let resources = r#"
resource "ephemeral_environment" "this" {
  name         = "pr-128"
  team         = "checkout"
  pull_request = { repository = "acme/shop", number = 128 }
}
resource "ttl_lease" "bastion" {
  environment = ephemeral_environment.this.id
  ttl         = "4h"
  holder      = "ana"
  targets     = ["aws_instance.bastion"]
}
"#;
    workspace.write("main.tf", &format!("{REQUIRED}{resources}"));
    workspace.apply().expect_success();
    Ledger::of(world)
}

/// The example of a data source, in a workspace of its own.
fn example<'world>(world: &'world World, name: &str) -> TerraformWorkspace<'world> {
    let path = format!("examples/data-sources/{name}/data-source.tf");
    let text = std::fs::read_to_string(repository::root().join(&path));
    let workspace = world.workspace(name);
    workspace.write(
        "main.tf",
        &text.unwrap_or_else(|error| panic!("{path}: {error}")),
    );
    workspace
}

fn output(workspace: &TerraformWorkspace<'_>, name: &str) -> Value {
    workspace
        .terraform(&["output", "-json", name])
        .expect_success()
        .json()
}

/// Makes an environment as old as if it had been created `hours` earlier.
fn age(ledger: &Ledger, environment: &Environment, hours: i64) {
    ledger.change(environment, |environment| {
        environment.created_at -= TimeDelta::hours(hours);
        environment.renewed_at -= TimeDelta::hours(hours);
    });
}

#[test]
fn the_example_of_one_environment_reads_it_from_another_state() {
    let world = World::new();
    let ledger = preview(&world);
    let workspace = example(&world, "ephemeral_environment");
    workspace.apply().expect_success();
    let end = ledger::clock::rfc3339(ledger.environment().expires_at());
    assert_eq!(output(&workspace, "expires_at"), end);
    workspace.expect_no_changes();
    ledger.change(&ledger.environment(), |environment| {
        environment.running = false
    });
    workspace.plan().expect_exit(CHANGES);
    workspace.apply().expect_success();
    assert_eq!(
        workspace.addresses(),
        ["data.ephemeral_environment.preview"]
    );
}

#[test]
fn the_example_of_many_environments_lists_what_its_filters_let_through_at_the_moment() {
    let world = World::new();
    let ledger = preview(&world);
    let workspace = example(&world, "ephemeral_environments");
    workspace.apply().expect_success();
    assert_eq!(output(&workspace, "previews"), json!(["pr-128"]));
    assert_eq!(output(&workspace, "late"), json!({}));
    workspace.expect_no_changes();
    age(&ledger, &ledger.environment(), 73);
    workspace.apply().expect_success();
    let due = ledger::clock::rfc3339(ledger.environment().due_at());
    assert_eq!(output(&workspace, "late"), json!({"pr-128": due}));
}

#[test]
fn the_example_of_a_lease_opens_the_way_while_the_lease_holds() {
    let world = World::new();
    let ledger = preview(&world);
    let workspace = example(&world, "ephemeral_lease");
    workspace.apply().expect_success();
    let rule = workspace.attribute("terraform_data.rule[0]", "output");
    assert_eq!(rule, "ssh for ana");
    workspace.expect_no_changes();
    ledger.change_lease(&ledger.leases()[0], |lease| {
        lease.created_at -= TimeDelta::hours(5);
        lease.renewed_at -= TimeDelta::hours(5);
    });
    workspace.apply().expect_success();
    assert_eq!(workspace.addresses(), ["data.ephemeral_lease.bastion"]);
}

#[test]
fn what_this_very_apply_creates_is_read_after_it() {
    let world = World::new();
    let workspace = world.workspace("own");
    let own = r#"
resource "ephemeral_environment" "this" {
  name = "pr-1"
}
data "ephemeral_environment" "this" {
  id = ephemeral_environment.this.id
}
data "ephemeral_environments" "all" {
  depends_on = [ephemeral_environment.this]
}
output "generation" {
  value = data.ephemeral_environment.this.generation
}
output "names" {
  value = data.ephemeral_environments.all.names
}
"#;
    workspace.write("main.tf", &format!("{REQUIRED}{own}"));
    workspace.apply().expect_success();
    assert_eq!(output(&workspace, "generation"), 1);
    assert_eq!(output(&workspace, "names"), json!(["pr-1"]));
    workspace.expect_no_changes();
    workspace.destroy().expect_success();
}

#[test]
fn what_cannot_be_answered_is_an_error_at_its_line_and_no_plan() {
    let world = World::new();
    preview(&world);
    let workspace = world.workspace("wrong");
    for (block, expected) in [
        (
            "\"ephemeral_environment\" \"x\" {\n  name = \"pr-1\"\n}",
            "Nothing Found at name = \"pr-1\"",
        ),
        (
            "\"ephemeral_environment\" \"x\" {\n  name = \"pr-128\"\n  id = \"env-x\"\n}",
            "Selected Twice at id = \"env-x\"",
        ),
        (
            "\"ephemeral_environments\" \"x\" {\n  phases = [\n    \"expired\",\n    \"dead\",\n  ]\n}",
            "Invalid Selector at \"dead\",",
        ),
        (
            "\"ephemeral_lease\" \"x\" {\n  environment = \"pr-128\"\n  holder = \"\"\n}",
            "Empty Value at holder = \"\"",
        ),
    ] {
        workspace.write("main.tf", &format!("{REQUIRED}\ndata {block}\n"));
        let run = workspace.terraform(&["plan", "-json"]).expect_failure();
        assert_eq!(errors(&run), [expected]);
    }
}

#[test]
fn a_ledger_that_is_not_there_is_an_error_and_is_not_made() {
    let world = World::new();
    let workspace = world.workspace("empty");
    let block = "\ndata \"ephemeral_environments\" \"all\" {}\n";
    workspace.write("main.tf", &format!("{REQUIRED}{block}"));
    workspace
        .terraform(&["plan", "-no-color"])
        .expect_failure_containing("Ledger Not Available");
    assert!(!world.ledger_file().exists(), "a read makes no ledger");
}
