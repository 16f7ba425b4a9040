//! Where the state is follows from what Terraform itself knows: backend, workspace, data directory, `-chdir`.

use acceptance::World;
use acceptance::workspace::TerraformWorkspace;

use super::ledger::Ledger;
use super::{apply, environment, text};

/// The address in the state and in the ledger, without the folder of the workspace; both must agree.
#[track_caller]
fn address(world: &World, workspace: &TerraformWorkspace<'_>) -> String {
    let shown = text(workspace, "state_address");
    let living = Ledger::of(world).living();
    let recorded = living[0].state.as_ref().expect("an address");
    assert_eq!(shown, recorded.to_string());
    assert_eq!(
        backend::local::file(recorded).map(|file| file.exists()),
        Some(true),
        "the state is where it is said to be: {shown}"
    );
    let folder = std::fs::canonicalize(workspace.folder()).expect("the folder is there");
    shown.replace(&folder.display().to_string(), "HERE")
}

#[test]
fn the_implicit_backend_and_its_workspaces_are_found() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    assert_eq!(address(&world, &workspace), "local:HERE/terraform.tfstate");
    workspace.destroy().expect_success();
    workspace
        .terraform(&["workspace", "new", "blue"])
        .expect_success();
    workspace.apply().expect_success();
    assert_eq!(
        address(&world, &workspace),
        "local:HERE/terraform.tfstate.d/blue/terraform.tfstate"
    );
    workspace.destroy().expect_success();
    let by_variable = workspace.with_env("TF_WORKSPACE", "default");
    by_variable.apply().expect_success();
    assert_eq!(
        address(&world, &by_variable),
        "local:HERE/terraform.tfstate"
    );
}

#[test]
fn a_configured_backend_in_another_data_directory_is_found_also_from_elsewhere() {
    let world = World::new();
    let workspace = world.workspace("pr-1").with_env("TF_DATA_DIR", ".data");
    let backend = "terraform {\n  backend \"local\" {\n    path          = \"states/shop.tfstate\"\n    workspace_dir = \"spaces\"\n  }\n}\n";
    workspace
        .write("main.tf", &environment("pr-1", ""))
        .write("backend.tf", backend);
    workspace.init().expect_success();
    workspace.apply().expect_success();
    assert_eq!(
        address(&world, &workspace),
        "local:HERE/states/shop.tfstate"
    );
    workspace
        .terraform(&["workspace", "new", "blue"])
        .expect_success();
    workspace.write("main.tf", &environment("pr-2", ""));
    let folder = format!("-chdir={}", workspace.folder().display());
    let elsewhere = world
        .workspace("elsewhere")
        .with_env("TF_DATA_DIR", ".data");
    let applied = elsewhere.terraform(&[&folder, "apply", "-auto-approve", "-no-color"]);
    applied.expect_success();
    let living = Ledger::of(&world).living();
    let recorded = living[1].state.as_ref().and_then(backend::local::file);
    let folder = std::fs::canonicalize(workspace.folder()).expect("the folder is there");
    assert_eq!(recorded, Some(folder.join("spaces/blue/terraform.tfstate")));
}

#[test]
fn a_state_that_is_moved_to_another_backend_is_followed_by_the_next_apply() {
    let world = World::new();
    let workspace = apply(&world, "pr-1", "");
    let id = text(&workspace, "id");
    let backend = "terraform {\n  backend \"local\" {\n    path = \"moved.tfstate\"\n  }\n}\n";
    workspace.write("backend.tf", backend);
    workspace
        .terraform(&["init", "-no-color", "-migrate-state", "-force-copy"])
        .expect_success();
    workspace
        .apply()
        .expect_success()
        .expect_saying("1 changed");
    assert_eq!(address(&world, &workspace), "local:HERE/moved.tfstate");
    assert_eq!(text(&workspace, "id"), id);
    workspace.expect_no_changes();
}

#[test]
fn what_is_configured_wins_and_a_setting_that_could_be_a_secret_is_refused() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let state = |config: &str| {
        let state = format!("state = {{\n    backend = \"s3\"\n    config  = {{ {config} }}\n  }}");
        environment("pr-1", &state)
    };
    workspace.write(
        "main.tf",
        &state("bucket = \"states\", key = \"shop\", secret_key = \"hunter2\""),
    );
    workspace
        .plan()
        .expect_failure_containing("Setting Not Recorded");
    workspace.write("main.tf", &state("bucket = \"states\", key = \"shop\""));
    workspace.apply().expect_success();
    assert_eq!(
        text(&workspace, "state_address"),
        "s3:bucket=states,key=shop"
    );
    workspace.expect_no_changes();
    workspace.write("main.tf", &environment("pr-1", ""));
    workspace.apply().expect_success();
    assert_eq!(address(&world, &workspace), "local:HERE/terraform.tfstate");
}
