//! Saved plans that real terraform made with real providers: what the sweeper reads in the file is what terraform shows,
//! or, for a version whose plans it does not know, it reads nothing there and takes what terraform shows.

use acceptance::{World, terraform::terraform, workspace::TerraformWorkspace};
use backend::{read::read, terraform_version::CliVersion};
use ledger::state_address::StateAddress;
use sweeper::act::destroy::{plan_base, plan_file};
use terraform::{
    cli::{Cli, CliKind},
    tfplan::{self, PlannedDestroy},
};

/// Three providers, one of them under an alias and one in a module; indexes that have to be quoted; data sources.
const MANY: &str = r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
    ttl       = { source = "ephemeral-environments/ttl" }
    null      = { source = "hashicorp/null" }
  }
}

provider "ephemeral" {
  default_owner = "ana"
}

provider "null" {
  alias = "west"
}

variable "secret" {
  default   = "hunter2"
  sensitive = true
}

resource "ephemeral_environment" "this" {
  name     = "pr-1"
  lifetime = { ttl = "4h" }
}

resource "ttl_lease" "part" {
  ttl = "2h"
}

resource "null_resource" "counted" {
  count    = 3
  provider = null.west
}

resource "terraform_data" "each" {
  for_each = toset(["plain", "with \"quotes\"", "ü.[0]", "$${x} %%{y} \\ \n"])
  input    = var.secret
}

data "null_data_source" "seen" {
  inputs = { id = null_resource.counted[0].id }
}

module "web" {
  source   = "./web"
  for_each = toset(["x", "y.z[1]"])
}

output "seen" {
  value = data.null_data_source.seen.outputs
}
"#;

const WEB: &str = r#"
terraform {
  required_providers {
    null = { source = "hashicorp/null" }
  }
}

resource "null_resource" "inner" {
  count = 2
}

data "null_data_source" "inner" {
  inputs = { id = "x" }
}
"#;

fn many(world: &World) -> TerraformWorkspace<'_> {
    let workspace = world.workspace("many");
    workspace.write("main.tf", MANY);
    workspace.write("web/main.tf", WEB);
    workspace.init().expect_success();
    workspace.apply().expect_success();
    workspace
}

/// The terraform of these tests, and whether its saved plans are among those that the documentation says are read.
fn engine(workspace: &TerraformWorkspace<'_>) -> (Cli, bool) {
    let said = workspace.terraform(&["version", "-json"]).json();
    let version = said["terraform_version"].as_str().expect("a version");
    let kind = match terraform().file_name().and_then(|name| name.to_str()) {
        Some("tofu") => CliKind::Tofu,
        _ => CliKind::Terraform,
    };
    let engine = Cli {
        kind,
        path: terraform(),
        version: CliVersion::parse(version).expect("a version"),
    };
    let is_known = kind == CliKind::Terraform && version.starts_with("1.11.");
    (engine, is_known)
}

/// Reads a saved plan of a version whose plans nobody here knows: it must be refused for that, whatever is in it, so that
/// the sweep asks terraform.
#[track_caller]
fn expect_not_known(bytes: &[u8], engine: &Cli) {
    let refused =
        plan_file::read(bytes, engine).expect_err("a plan of a version that is not known");
    assert!(refused.to_string().ends_with("are not known"), "{refused}");
}

/// Makes a plan with `arguments` and answers what the sweeper takes it for, with any terraform: what it reads in the file,
/// which has to be what terraform shows, or what terraform shows alone.
#[track_caller]
fn planned(workspace: &TerraformWorkspace<'_>, arguments: &[&str]) -> PlannedDestroy {
    let shown = workspace.plan_json(arguments).to_string();
    let shown = tfplan::read(shown.as_bytes()).expect("terraform's own words");
    let bytes = std::fs::read(workspace.path(".plan")).expect("the saved plan");
    let (engine, is_known) = engine(workspace);
    if !is_known {
        expect_not_known(&bytes, &engine);
        return shown;
    }
    let mut native = plan_file::read(&bytes, &engine).expect("a plan that is understood");
    let mut again = native.clone();
    again.base = None;
    assert_eq!(again, shown, "{arguments:?}");

    let state = read(workspace.read("terraform.tfstate").as_bytes()).expect("a state");
    // Without a backend block the address of the state is nowhere but in the directory.
    if let Some(base) = &mut native.base {
        base.settings = None;
    }
    let destroys = arguments.contains(&"-destroy");
    let found = plan_base::violations(&native, &state, &StateAddress::new("local", [], "default"));
    assert_eq!(found.is_empty(), destroys, "{arguments:?}: {found:?}");
    native
}

/// Changes the state as no terraform command can.
fn doctor(workspace: &TerraformWorkspace<'_>, change: impl FnOnce(&mut serde_json::Value)) {
    let mut state = workspace.state_json();
    change(&mut state);
    let serial = state["serial"].as_u64().expect("a number") + 1;
    state["serial"] = serial.into();
    workspace.write("terraform.tfstate", &state.to_string());
}

fn resource<'a>(state: &'a mut serde_json::Value, kind: &str) -> &'a mut serde_json::Value {
    let resources = state["resources"].as_array_mut().expect("a list");
    let found = resources
        .iter_mut()
        .find(|one| one["mode"] == "managed" && one["type"] == kind);
    found.expect("it is in the state")
}

#[test]
fn every_way_to_destroy_is_read_as_terraform_shows_it() {
    let world = World::installed();
    let workspace = many(&world);
    let whole = planned(&workspace, &["-destroy"]);
    assert_eq!(whole.deletes.len(), 13);
    assert_eq!(whole.seen.len(), 13);
    let blind = planned(&workspace, &["-destroy", "-refresh=false"]);
    assert_eq!(blind.deletes, whole.deletes);
}

#[test]
fn deposed_and_tainted_objects_are_read_as_terraform_shows_them() {
    let world = World::installed();
    let workspace = many(&world);
    doctor(&workspace, |state| {
        let instances = resource(state, "null_resource")["instances"]
            .as_array_mut()
            .expect("a list");
        let mut deposed = instances[0].clone();
        deposed["deposed"] = "0a1b2c3d".into();
        instances.insert(1, deposed.clone());
        deposed["deposed"] = "4e5f6a7b".into();
        instances.insert(2, deposed);
        // Its current object is gone, only one that was replaced is left.
        instances[4]["deposed"] = "89abcdef".into();
        instances[3]["status"] = "tainted".into();
    });
    let plan = planned(&workspace, &["-destroy"]);
    let deposed = plan.deletes.keys().filter(|key| key.deposed.is_some());
    assert_eq!((plan.deletes.len(), deposed.count()), (15, 3));
}

#[test]
fn what_is_gone_already_is_read_as_terraform_shows_it() {
    let world = World::installed();
    let workspace = many(&world);
    // Our own provider says of an object it never knew, and knows the ledger of, that it is gone.
    let ended = crate::terraform::ledger::Ledger::of(&world);
    ended.change(&ended.environment(), |environment| {
        environment.lifecycle = ledger::environment::Lifecycle::Released {
            at: environment.created_at,
            by: environment.created_by.clone(),
            reason: "given back by hand".to_owned(),
        };
    });
    let plan = planned(&workspace, &["-destroy"]);
    assert_eq!((plan.deletes.len(), plan.seen.len()), (12, 12));
}

#[test]
fn a_state_whose_configuration_is_gone_is_read_as_terraform_shows_it() {
    let world = World::installed();
    let workspace = many(&world);
    std::fs::remove_dir_all(workspace.path("web")).expect("removed");
    let (head, _) = MANY
        .split_once("variable \"secret\"")
        .expect("providers come first");
    workspace.write("main.tf", head);
    workspace.init().expect_success();
    let plan = planned(&workspace, &["-destroy"]);
    assert_eq!(plan.deletes.len(), 13);
}

#[test]
fn what_was_moved_or_removed_is_read_as_terraform_shows_it() {
    let world = World::installed();
    let workspace = many(&world);
    let moved = MANY.replace(
        "\"null_resource\" \"counted\"",
        "\"null_resource\" \"renamed\"",
    );
    let moved = moved.replace("null_resource.counted[0].id", "null_resource.renamed[0].id");
    let (without, _) = moved.split_once("module \"web\"").expect("the module");
    let (without, _) = without
        .split_once("resource \"terraform_data\"")
        .map(|(before, after)| {
            let rest = after.split_once("\n}\n").map_or("", |(_, rest)| rest);
            (format!("{before}{rest}"), ())
        })
        .expect("the resource");
    workspace.write(
        "main.tf",
        &format!(
            "{without}\nmoved {{\n  from = null_resource.counted\n  to = null_resource.renamed\n}}\n\
             removed {{\n  from = terraform_data.each\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
        ),
    );
    workspace.init().expect_success();
    let plan = planned(&workspace, &["-destroy"]);
    assert_eq!(plan.deletes.len() + plan.others.len(), 13);
    // Of a plan that is none to destroy everything is read too, and what it does shows as something else.
    let other = planned(&workspace, &[]);
    assert!(!other.others.is_empty());
}

#[test]
fn changes_that_are_no_deletions_are_read_as_terraform_shows_them() {
    let world = World::installed();
    let workspace = many(&world);
    let changed = MANY
        .replace(
            "provider = null.west",
            "provider = null.west\n  triggers = { a = \"b\" }",
        )
        .replace("default   = \"hunter2\"", "default   = \"hunter3\"")
        .replace("null_resource.counted[0].id", "\"x\"");
    workspace.write("main.tf", &changed);
    let plan = planned(&workspace, &[]);
    let actions = |of: &str| plan.others[of].clone();
    assert_eq!(actions("null_resource.counted[0]"), ["delete", "create"]);
    assert_eq!(actions("terraform_data.each[\"plain\"]"), ["update"]);
    assert_eq!(actions("ttl_lease.part"), ["no-op"]);
    // What is created is in no state yet, and a destroy creates nothing.
    let created = format!("{changed}\nresource \"terraform_data\" \"new\" {{}}\n");
    workspace.write("main.tf", &created);
    workspace
        .terraform(&["plan", "-out=.plan"])
        .expect_success();
    let bytes = std::fs::read(workspace.path(".plan")).expect("the saved plan");
    let (engine, is_known) = engine(&workspace);
    if is_known {
        let refused = plan_file::read(&bytes, &engine).expect_err("a plan that creates");
        assert!(!refused.to_string().ends_with("not known"), "{refused}");
    } else {
        expect_not_known(&bytes, &engine);
    }
}

#[test]
fn an_empty_state_is_read_as_terraform_shows_it() {
    let world = World::installed();
    let workspace = many(&world);
    workspace.destroy().expect_success();
    let plan = planned(&workspace, &["-destroy"]);
    assert!(plan.deletes.is_empty() && plan.others.is_empty() && plan.seen.is_empty());
}
