//! What a destroy sees of the sweeper's own environment: what is known to be needed, and no token of the forge whose job
//! runs the sweep.

use acceptance::World;

use super::{LONG, apply, apply_with_witness, sweeper, wait_until_due};

const TOKEN: &str = "hunter-forge-token";

/// Sweeps an environment whose destroy writes its variables down, with `pass` as `pass_variables`; answers those variables.
fn seen_by_a_provisioner(pass: &str) -> String {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world)
        .with_env("GITHUB_TOKEN", TOKEN)
        .with_env("CI_JOB_TOKEN", TOKEN)
        .with_env("ACTIONS_ID_TOKEN_REQUEST_TOKEN", TOKEN)
        .with_env("EPHEMERAL_ID_TOKEN", TOKEN)
        .with_env("AWS_PROFILE", "shop")
        .with_env("EPHEMERAL_PASS_VARIABLES", pass);
    let workspace = apply_with_witness(&world, "witnessed", "env");
    wait_until_due(&sweeper, 1);
    sweeper
        .run(&["apply", "--auto-approve"])
        .expect_success()
        .expect_not_saying(TOKEN);
    workspace.read("witness")
}

fn has(seen: &str, variable: &str) -> bool {
    seen.lines().any(|line| line == variable)
}

#[test]
fn a_token_of_the_forge_reaches_no_provider_and_a_profile_of_the_cloud_does() {
    let seen = seen_by_a_provisioner("");
    assert!(!seen.contains(TOKEN), "{seen}");
    assert!(has(&seen, "AWS_PROFILE=shop"), "{seen}");
    assert!(seen.contains("EPHEMERAL_LEDGER=sqlite://"), "{seen}");
}

#[test]
fn what_the_operator_names_passes_and_nothing_beside_it() {
    let seen = seen_by_a_provisioner("CI_JOB_TOKEN");
    assert!(has(&seen, &format!("CI_JOB_TOKEN={TOKEN}")), "{seen}");
    for other in [
        "GITHUB_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        "EPHEMERAL_ID_TOKEN",
    ] {
        assert!(!seen.contains(other), "{other}\n{seen}");
    }
}
