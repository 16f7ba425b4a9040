//! What is due is destroyed, that alone, and with proof.

use acceptance::World;

use super::{
    LONG, SHORT, apply, apply_with_witness, phase, result_of, sweeper, verdicts, wait_until_due,
};

#[test]
fn of_an_expired_a_live_and_a_held_environment_exactly_the_expired_one_dies() {
    let world = World::new();
    let live = apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let held = apply(&world, "held", SHORT);
    sweeper
        .run(&["hold", "held", "--reason", "a customer looks at it"])
        .expect_success();
    let expired = apply(&world, "expired", SHORT);
    wait_until_due(&sweeper, 1);
    let before = [
        live.read("terraform.tfstate"),
        held.read("terraform.tfstate"),
    ];

    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();

    let result = result_of(&run, "expired");
    assert_eq!(result["result"], "destroyed", "{run}");
    assert_eq!(
        run.json()["results"].as_array().map(Vec::len),
        Some(1),
        "{run}"
    );
    assert_eq!(expired.addresses(), [""; 0]);
    let evidence = &result["evidence"];
    assert_eq!(
        evidence["deleted"].as_array().map(Vec::len),
        Some(4),
        "{run}"
    );
    assert!(
        evidence["serial_before"].as_u64() < evidence["serial_after"].as_u64(),
        "{run}"
    );
    assert_eq!(
        before,
        [
            live.read("terraform.tfstate"),
            held.read("terraform.tfstate")
        ]
    );
    assert_eq!(phase(&sweeper, "expired"), "destroyed");
    assert_eq!(phase(&sweeper, "held"), "held");
    sweeper.run(&["audit", "verify"]).expect_success();
    sweeper.run(&["plan"]).expect_success();
}

#[test]
fn an_environment_alone_in_its_state_is_destroyed_like_any_other() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = world.workspace("alone");
    let whole = super::configuration("alone", SHORT);
    let (alone, _) = whole
        .split_once("resource \"terraform_data\"")
        .expect("the parts");
    workspace.write("main.tf", alone);
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    assert_eq!(result_of(&run, "alone")["result"], "destroyed");
    assert_eq!(workspace.addresses(), [""; 0]);
}

#[test]
fn a_provider_nobody_here_wrote_is_destroyed_from_the_state_alone_at_its_pinned_version() {
    let world = World::installed();
    let workspace = world.workspace("real");
    workspace.write(
        "main.tf",
        &format!(
            "{}\nresource \"null_resource\" \"other\" {{ count = 2 }}\n",
            super::configuration("real", SHORT)
        ),
    );
    workspace.init().expect_success();
    workspace.apply().expect_success();
    let sweeper = world.sweeper();
    // The configuration is gone, as it is when a branch was deleted; only the state is left.
    for file in ["main.tf", ".terraform.lock.hcl"] {
        std::fs::remove_file(workspace.path(file)).expect("removing the configuration");
    }
    super::wait_until_due(&sweeper, 1);
    // The first sweep of the scope only reports.
    sweeper.run(&["apply", "--auto-approve"]).expect_exit(2);
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    let result = result_of(&run, "real");
    assert_eq!(result["result"], "destroyed", "{run}");
    assert_eq!(result["evidence"]["strategy"], "state-only", "{run}");
    assert_eq!(
        result["evidence"]["deleted"].as_array().map(Vec::len),
        Some(6),
        "{run}"
    );
}

#[test]
fn what_only_the_configuration_knows_is_done_at_the_destroy() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply_with_witness(&world, "provisioned", "echo gone");
    std::fs::remove_file(workspace.path("main.tf")).expect("removing the configuration");
    wait_until_due(&sweeper, 1);
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    let result = result_of(&run, "provisioned");
    assert_eq!(result["evidence"]["strategy"], "capsule", "{run}");
    assert_eq!(workspace.read("witness"), "gone\n");
}

#[test]
fn the_first_sweep_of_a_scope_only_reports() {
    let world = World::new();
    let workspace = apply(&world, "due", SHORT);
    let sweeper = world.sweeper();
    wait_until_due(&sweeper, 1);
    let before = workspace.read("terraform.tfstate");
    sweeper
        .run(&["apply", "--auto-approve"])
        .expect_exit(2)
        .expect_saying("first sweep");
    assert_eq!(before, workspace.read("terraform.tfstate"));
    // Another scope has a memory of its own, and its first sweep only reports too.
    sweeper
        .run(&["apply", "--auto-approve", "--scope", "other"])
        .expect_exit(2);
    assert_eq!(before, workspace.read("terraform.tfstate"));
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(workspace.addresses(), [""; 0]);
}

#[test]
fn beyond_the_rate_the_oldest_go_first_and_the_rest_is_deferred_and_said_so() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("EPHEMERAL_RATE", "1");
    let first = apply(&world, "first", SHORT);
    let second = apply(&world, "second", SHORT);
    wait_until_due(&sweeper, 2);
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_exit(2);
    assert_eq!(result_of(&run, "first")["result"], "destroyed");
    assert_eq!(run.json()["version"], 1, "{run}");
    assert_eq!(run.json()["left"][0]["name"], "second", "{run}");
    assert_eq!(run.json()["left"][0]["verdict"], "destroy", "{run}");
    assert_eq!(first.addresses(), [""; 0]);
    assert_eq!(second.addresses().len(), 4);
    assert_eq!(verdicts(&sweeper.json(&["plan"]), "destroy"), ["second"]);
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(second.addresses(), [""; 0]);
}

#[test]
fn another_workspace_of_the_same_configuration_is_another_state() {
    let world = World::new();
    let workspace = world.workspace("app");
    workspace.write("main.tf", &super::configuration("default-one", LONG));
    workspace.apply().expect_success();
    let sweeper = sweeper(&world);
    workspace
        .terraform(&["workspace", "new", "preview"])
        .expect_success();
    workspace.write("main.tf", &super::configuration("preview-one", SHORT));
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    sweeper.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(workspace.addresses(), [""; 0]);
    workspace
        .terraform(&["workspace", "select", "default"])
        .expect_success();
    assert_eq!(workspace.addresses().len(), 4);
}

/// The marker is served by the provider's second address then, and named by a capsule that has the `moved` block in it.
#[test]
fn what_was_moved_to_the_other_address_of_the_provider_is_destroyed_like_any_other() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = apply(&world, "moved", LONG);
    let source = "{ source = \"ephemeral-environments/ephemeral\" }";
    let other = "{ source = \"ephemeral-environments/ttl\" }";
    let both = format!("{source}\n    ttl = {other}");
    let block =
        "\nmoved {\n  from = ephemeral_environment.this\n  to   = ephemeral_environment.that\n}\n";
    let moved = super::configuration("moved", SHORT)
        .replace(source, &both)
        .replace(
            "\"ephemeral_environment\" \"this\" {",
            "\"ephemeral_environment\" \"that\" {\n  provider = ttl\n  owner = \"ana\"",
        )
        .replace("ephemeral_environment.this", "ephemeral_environment.that");
    workspace.write("main.tf", &format!("{moved}{block}"));
    workspace.apply().expect_success();
    let provider = &workspace.state_json()["resources"][0]["provider"];
    assert!(
        provider.to_string().contains("ephemeral-environments/ttl"),
        "{provider}"
    );
    wait_until_due(&sweeper, 1);
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_success();
    assert_eq!(result_of(&run, "moved")["result"], "destroyed", "{run}");
    assert_eq!(workspace.addresses(), [""; 0]);
    assert_eq!(phase(&sweeper, "moved"), "destroyed");
}
