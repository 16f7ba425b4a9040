//! Terraform's own client, with its own certificate on P-521, over the port that stands for a Unix socket where there
//! are none.

use acceptance::World;

use super::{THIS, environment};

#[test]
fn terraform_applies_and_destroys_over_a_port_as_over_a_socket() {
    let world = World::new();
    let workspace = world.workspace("live");
    let workspace = workspace.with_env("EPHEMERAL_PLUGIN_NETWORK", "tcp");
    workspace.write("main.tf", &environment("pr-128", ""));
    workspace.apply().expect_success();
    workspace.expect_no_changes();
    assert_eq!(workspace.attribute(THIS, "name"), "pr-128");
    workspace.destroy().expect_success();
}

#[test]
fn without_a_certificate_of_terraform_nothing_listens_on_a_port() {
    let world = World::new();
    let workspace = world.workspace("live");
    let workspace = workspace
        .with_env("EPHEMERAL_PLUGIN_NETWORK", "tcp")
        .with_env("TF_DISABLE_PLUGIN_TLS", "1");
    workspace.write("main.tf", &environment("pr-128", ""));
    workspace.apply().expect_failure();
    assert!(!world.ledger_file().exists(), "nothing was recorded");
}
