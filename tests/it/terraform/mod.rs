//! The provider under real terraform: a verb a file. What terraform shows, what its state holds and what the ledger has
//! must agree after each step. What terraform cannot be made to send is tested over the protocol, in the provider.

mod capsule;
mod ci;
mod create;
mod data;
mod debug;
mod destroy;
mod discovery;
mod drift;
mod extend;
mod failing_ledger;
mod functions;
mod gone;
mod identity;
mod import;
mod interrupt;
mod lease;
pub(crate) mod ledger;
mod lines;
mod log;
mod moved;
mod names;
mod port;
mod renew;
mod replace;
mod resistance;
pub(crate) mod run_lease;
mod saved_plan;
mod second_address;
mod sensitive;
mod tags;
mod variables;

use acceptance::workspace::TerraformWorkspace;
use acceptance::{Run, World};
use serde_json::Value;

/// The address under test in most suites.
pub(crate) const THIS: &str = "ephemeral_environment.this";

/// Both addresses of the provider, so that no resource needs a `provider`.
pub(crate) const REQUIRED: &str = r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
    ttl       = { source = "ephemeral-environments/ttl" }
  }
}

provider "ephemeral" {
  default_owner = "ana"
}
"#;

/// An environment called `name` with `arguments`, and a page beside it whose file dies with it.
pub(crate) fn environment(name: &str, arguments: &str) -> String {
    format!(
        r#"{REQUIRED}
resource "ephemeral_environment" "this" {{
  name = "{name}"
  {arguments}
}}
{PAGE}"#
    )
}

/// Something outside the state that a destroy would take away.
pub(crate) const PAGE: &str = r#"
resource "terraform_data" "page" {
  provisioner "local-exec" {
    command = "echo hello > page.html"
  }
  provisioner "local-exec" {
    when    = destroy
    command = "rm page.html"
  }
}
"#;

/// Applies an environment called `name` in a workspace of the same name.
pub(crate) fn apply<'world>(
    world: &'world World,
    name: &str,
    arguments: &str,
) -> TerraformWorkspace<'world> {
    let workspace = world.workspace(name);
    workspace.write("main.tf", &environment(name, arguments));
    workspace.apply().expect_success();
    workspace
}

/// The change that `plan` has for `address`.
#[track_caller]
pub(crate) fn change(plan: &Value, address: &str) -> Value {
    let changes = plan["resource_changes"].as_array().cloned();
    let mut changes = changes.unwrap_or_default().into_iter();
    let found = changes.find(|change| change["address"] == address);
    found.unwrap_or_else(|| panic!("no {address} in the plan"))["change"].clone()
}

/// What `plan` does with `address`: `["create"]`, `["no-op"]`, `["delete", "create"]`, …
#[track_caller]
pub(crate) fn actions(plan: &Value, address: &str) -> Vec<String> {
    let actions = change(plan, address)["actions"].as_array().cloned();
    let actions = actions.unwrap_or_default();
    actions
        .iter()
        .map(|action| action.as_str().expect("an action is a word").to_owned())
        .collect()
}

/// The attributes that `plan` changes at `address`, those that become unknown included.
#[track_caller]
pub(crate) fn changed(plan: &Value, address: &str) -> Vec<String> {
    let change = change(plan, address);
    let names = change["before"].as_object().cloned().unwrap_or_default();
    names
        .keys()
        .filter(|name| {
            change["after_unknown"][name] == true || change["before"][name] != change["after"][name]
        })
        .cloned()
        .collect()
}

/// A text attribute of the environment in the state.
#[track_caller]
pub(crate) fn text(workspace: &TerraformWorkspace<'_>, name: &str) -> String {
    let value = workspace.attribute(THIS, name);
    let text = value.as_str();
    text.unwrap_or_else(|| panic!("{name} is {value}, no text"))
        .to_owned()
}

/// The state file, byte for byte.
pub(crate) fn state_file(workspace: &TerraformWorkspace<'_>) -> String {
    workspace.read("terraform.tfstate")
}

/// The errors of a run with `-json`, each as its title and the line of configuration it points at.
pub(crate) fn errors(run: &Run) -> Vec<String> {
    let lines = run.json_lines();
    let found = lines
        .iter()
        .filter(|line| line["diagnostic"]["severity"] == "error");
    found
        .map(|line| {
            let told = &line["diagnostic"];
            let code = told["snippet"]["code"].as_str().unwrap_or_default();
            let code = code.trim().lines().next().unwrap_or_default();
            format!("{} at {code}", told["summary"].as_str().unwrap_or_default())
        })
        .collect()
}
