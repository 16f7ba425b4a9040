//! `--debug`: Terraform uses a provider that a person started, under both of its addresses.

use std::time::Duration;

use acceptance::binaries::Binaries;
use acceptance::{RunningProcess, World};

use super::run_lease::configuration;

const LIMIT: Duration = Duration::from_secs(60);

/// The line that is exported, and no other provider anywhere.
#[test]
fn what_debug_prints_is_enough_to_use_both_addresses_at_once() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &configuration("pr-1", "", "2m"));
    let provider = Binaries::find().provider;
    let mut command = world.command(provider.to_str().expect("a path in UTF-8"));
    command.arg("--debug").current_dir(workspace.folder());
    let mut debug = RunningProcess::start(command);
    debug.wait_for_output("TF_REATTACH_PROVIDERS='{", LIMIT);
    debug.wait_for_output("}'", LIMIT);
    let printed = debug.output();
    let value = printed
        .split_once("TF_REATTACH_PROVIDERS='")
        .and_then(|(_, rest)| rest.split_once('\''))
        .expect("a value in quotes")
        .0;
    workspace.write("empty.tfrc", "");
    let nowhere = workspace.path("empty.tfrc");
    let workspace = world
        .workspace("pr-1")
        .with_env(
            "TF_CLI_CONFIG_FILE",
            nowhere.to_str().expect("a path in UTF-8"),
        )
        .with_env("TF_REATTACH_PROVIDERS", value);
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    debug.interrupt();
    debug.wait(LIMIT).expect_success();
}
