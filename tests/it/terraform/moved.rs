//! `moved` blocks from one address of the provider to the other, in both directions: Terraform asks the new server to take
//! the state over, and no life begins or ends.

use acceptance::World;
use acceptance::workspace::{CHANGES, NO_CHANGES, TerraformWorkspace};
use ledger::book::Record;
use ledger::event::EventKind;
use serde_json::Value;

use super::ledger::Ledger;
use super::{actions, changed};

/// A resource that one of the two addresses serves, whatever its type's name says.
struct Served {
    kind: &'static str,
    name: &'static str,
    by: &'static str,
    arguments: &'static str,
}

impl Served {
    fn address(&self) -> String {
        format!("{}.{}", self.kind, self.name)
    }

    /// The provider that the state has for it.
    fn provider(&self) -> String {
        let by = self.by;
        format!("provider[\"registry.terraform.io/ephemeral-environments/{by}\"]")
    }

    /// The whole configuration; it requires no other provider than the one that serves this.
    fn configuration(&self) -> String {
        let Self {
            kind,
            name,
            by,
            arguments,
        } = self;
        format!(
            r#"
terraform {{
  required_providers {{
    {by} = {{ source = "ephemeral-environments/{by}" }}
  }}
}}

resource "{kind}" "{name}" {{
  provider = {by}
  {arguments}
}}
"#
        )
    }

    fn moved_from(&self, from: &Self) -> String {
        let (from, to) = (from.address(), self.address());
        let configuration = self.configuration();
        format!("{configuration}\nmoved {{\n  from = {from}\n  to   = {to}\n}}\n")
    }
}

/// The only record of the ledger; there is never a second one, of whatever kind.
#[track_caller]
fn record(world: &World) -> Record {
    let ledger = Ledger::of(world);
    let environments = ledger.environments().into_iter().map(Record::Environment);
    let leases = ledger.leases().into_iter().map(Record::Lease);
    let mut found: Vec<Record> = environments.chain(leases).collect();
    ledger.close();
    assert_eq!(found.len(), 1, "one record was expected: {found:#?}");
    found.remove(0)
}

/// The kinds of everything that was written about the record with this id.
fn events(world: &World, id: &str) -> Vec<EventKind> {
    let ledger = Ledger::of(world);
    let events = ledger.events_of(id);
    ledger.close();
    events
}

fn provider_in_state(workspace: &TerraformWorkspace<'_>) -> Vec<Value> {
    let resources = workspace.state_json()["resources"].clone();
    let resources = resources.as_array().cloned().unwrap_or_default();
    resources
        .into_iter()
        .map(|resource| resource["provider"].clone())
        .collect()
}

/// Both are configured and applied one after the other; `rewritten` is what the plan changes of the object beside its place.
/// Answers the record before and after, and the events until then.
#[track_caller]
fn moves(from: &Served, to: &Served, rewritten: &[&str]) -> (Record, Record, Vec<EventKind>) {
    let world = World::installed();
    let workspace = world.workspace("moved");
    workspace.write("main.tf", &from.configuration());
    workspace.init().expect_success();
    workspace.apply().expect_success();
    let id = workspace.attribute(&from.address(), "id");
    let id = id.as_str().expect("an id").to_owned();
    assert_eq!(provider_in_state(&workspace), [from.provider()]);
    let before = record(&world);

    workspace.write("main.tf", &to.moved_from(from));
    workspace.init().expect_success();
    let (was, is) = (from.address(), to.address());
    let log = workspace.path("plan.log").display().to_string();
    let logged = workspace.clone().with_env("TF_LOG", "trace");
    let plan = logged.with_env("TF_LOG_PATH", &log).plan_json(&[]);
    assert!(
        workspace.read("plan.log").contains("MoveResourceState"),
        "the new server is asked"
    );
    let changes = plan["resource_changes"].as_array().expect("changes");
    assert_eq!(changes.len(), 1, "{changes:#?}");
    assert_eq!(changes[0]["previous_address"], was);
    assert_eq!(changed(&plan, &is), rewritten);
    let (action, count, says) = match rewritten {
        [] => ("no-op", 0, format!("{was} has moved to {is}")),
        _ => ("update", 1, format!("(moved from {was})")),
    };
    assert_eq!(actions(&plan, &is), [action]);
    workspace
        .apply()
        .expect_success()
        .expect_saying(&says)
        .expect_saying(&format!("0 added, {count} changed, 0 destroyed"));

    assert_eq!(workspace.addresses(), std::slice::from_ref(&is));
    assert_eq!(provider_in_state(&workspace), [to.provider()]);
    assert_eq!(workspace.attribute(&is, "id"), id);
    workspace.expect_no_changes().expect_not_saying("moved");
    let moved = (before, record(&world), events(&world, &id));

    // It is the new server that gives it back.
    workspace.destroy().expect_success();
    assert_eq!(events(&world, &id).last(), Some(&EventKind::Released));
    moved
}

fn lease(name: &'static str, by: &'static str) -> Served {
    Served {
        kind: "ttl_lease",
        name,
        by,
        arguments: "ttl = \"4h\"\n  targets = [\"aws_instance.bastion\"]",
    }
}

fn environment(name: &'static str, by: &'static str) -> Served {
    Served {
        kind: "ephemeral_environment",
        name,
        by,
        arguments: "name = \"shop\"\n  owner = \"ana\"\n  lifetime = { ttl = \"72h\" }",
    }
}

/// Everything but the capsule.
fn without_capsule(mut record: Record) -> Record {
    if let Record::Environment(environment) = &mut record {
        environment.capture = None;
    }
    record
}

#[test]
fn a_moved_block_takes_a_lease_to_the_other_address_and_its_record_stays_as_it_was() {
    for (from, to) in [("ephemeral", "ttl"), ("ttl", "ephemeral")] {
        let (before, after, events) = moves(&lease("a", from), &lease("b", to), &[]);
        assert_eq!(before, after);
        assert_eq!(events, [EventKind::Created]);
    }
}

/// The configuration is another one with the block in it, so it is kept anew, as after every change of it.
#[test]
fn a_moved_block_takes_an_environment_to_the_other_address_and_only_its_capsule_is_kept_anew() {
    for (from, to) in [("ttl", "ephemeral"), ("ephemeral", "ttl")] {
        let (from, to) = (environment("a", from), environment("b", to));
        let (before, after, events) = moves(&from, &to, &["configuration", "state_address"]);
        assert_ne!(before, after, "the configuration is another one");
        assert_eq!(without_capsule(before), without_capsule(after));
        assert_eq!(events, [EventKind::Created, EventKind::Updated]);
    }
}

/// Where only `provider` changes there is nothing to move: the new server reads what the old one wrote.
#[test]
fn another_provider_at_the_same_address_goes_on_with_the_same_life() {
    for (served, exit) in [
        (lease as fn(_, _) -> Served, NO_CHANGES),
        (environment, CHANGES),
    ] {
        let world = World::installed();
        let workspace = world.workspace("same");
        workspace.write("main.tf", &served("a", "ephemeral").configuration());
        workspace.init().expect_success();
        workspace.apply().expect_success();
        let before = record(&world);
        workspace.write("main.tf", &served("a", "ttl").configuration());
        workspace.init().expect_success();
        workspace.plan().expect_exit(exit);
        workspace
            .apply()
            .expect_success()
            .expect_saying("Resources: 0 added")
            .expect_saying("0 destroyed");
        let provider = served("a", "ttl").provider();
        assert_eq!(provider_in_state(&workspace), [provider]);
        assert_eq!(without_capsule(record(&world)), without_capsule(before));
        workspace.expect_no_changes();
    }
}
