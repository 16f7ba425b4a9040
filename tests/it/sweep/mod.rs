//! Sweeps with the real binaries: what dies, what is kept, what happens when something changes or breaks in between.
//!
//! Lifetimes here are a second long, because a test cannot wait for three days; the rules are the same.

use std::time::Duration;

use acceptance::sweeper::Sweeper;
use acceptance::workspace::TerraformWorkspace;
use acceptance::{Run, World, wait_for};
use serde_json::Value;

mod brakes;
mod child_env;
mod destroy;
mod drift;
mod fence;
mod keep;
mod kept;
mod kept_odd;
mod leftovers;
mod live_run;
mod progress;
mod race;
mod resume;
mod saved_plans;
mod seen;
mod variables;
mod wrong_state;

/// How long a lifetime of a second and a grace of a second may take to pass on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(30);

const REQUIRED: &str = r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
  }
}

provider "ephemeral" {
  default_owner = "ana"
}
"#;

/// A lifetime that is over at once.
pub(crate) const SHORT: &str = r#"lifetime = { ttl = "1s", grace = "1s" }"#;
/// A lifetime that outlives every test.
pub(crate) const LONG: &str = r#"lifetime = { ttl = "4h" }"#;

/// The configuration of an environment called `name` with `arguments`, and three objects beside it.
pub(crate) fn configuration(name: &str, arguments: &str) -> String {
    format!(
        r#"{REQUIRED}
resource "ephemeral_environment" "this" {{
  name = "{name}"
  {arguments}
}}

resource "terraform_data" "part" {{
  count = 3
  input = ephemeral_environment.this.default_tags
}}
"#
    )
}

/// Applies an environment called `name` in a workspace of the same name.
pub(crate) fn apply<'world>(
    world: &'world World,
    name: &str,
    arguments: &str,
) -> TerraformWorkspace<'world> {
    let workspace = world.workspace(name);
    workspace.write("main.tf", &configuration(name, arguments));
    workspace.apply().expect_success();
    workspace
}

/// Applies an environment called `name` that is over at once, with an object whose destroy appends what `command` prints to
/// the file `witness` of the workspace.
pub(crate) fn apply_with_witness<'world>(
    world: &'world World,
    name: &str,
    command: &str,
) -> TerraformWorkspace<'world> {
    let workspace = world.workspace(name);
    workspace.write(
        "main.tf",
        &format!(
            r#"{}
resource "terraform_data" "witness" {{
  input = "{}"
  provisioner "local-exec" {{
    when    = destroy
    command = "{command} >>'${{self.input}}'"
  }}
}}
"#,
            configuration(name, SHORT),
            workspace.path("witness").display()
        ),
    );
    workspace.apply().expect_success();
    workspace
}

/// A sweeper whose scope was swept before, so that it may act. Call it when the ledger exists and nothing is due yet.
pub(crate) fn sweeper(world: &World) -> Sweeper<'_> {
    let sweeper = world.sweeper();
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    sweeper
}

/// Waits until `sweeper` finds `count` environments that are due.
pub(crate) fn wait_until_due(sweeper: &Sweeper<'_>, count: usize) {
    wait_for(&format!("{count} environments to be due"), SOON, || {
        verdicts(&sweeper.json(&["plan"]), "destroy").len() == count
    });
}

/// The names in `plan` whose verdict is `verdict`.
pub(crate) fn verdicts(plan: &Value, verdict: &str) -> Vec<String> {
    let items = plan["items"].as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .filter(|item| item["verdict"] == verdict)
        .filter_map(|item| item["name"].as_str().map(str::to_owned))
        .collect()
}

/// The result that the `--json` of an `apply` tells of `name`.
pub(crate) fn result_of(run: &Run, name: &str) -> Value {
    let document = run.json();
    let results = document["results"].as_array().cloned().unwrap_or_default();
    results
        .into_iter()
        .find(|result| result["name"] == name)
        .unwrap_or_else(|| panic!("no result for {name}\n{run}"))
}

/// The phase of `name`, ended ones included.
pub(crate) fn phase(sweeper: &Sweeper<'_>, name: &str) -> String {
    let shown = sweeper.run(&["explain", name, "--json"]).json();
    shown["environment"]["phase"]
        .as_str()
        .unwrap_or_else(|| panic!("no phase in {shown}"))
        .to_owned()
}
