//! The right address and the wrong state: whatever a configuration, a file or an address says, only the state that was
//! proven to be ours is ever written.

use acceptance::World;
use acceptance::workspace::TerraformWorkspace;

use super::{LONG, SHORT, apply, result_of, sweeper, wait_until_due};

/// An environment whose configuration is needed to destroy it, in the state `state`, although a file of the
/// configuration names the state `override_path`, as teams do that give the real one to `init`.
fn overridden<'world>(
    world: &'world World,
    name: &str,
    lifetime: &str,
    state: &str,
    override_path: &str,
) -> TerraformWorkspace<'world> {
    let workspace = world.workspace(name);
    workspace.write(
        "main.tf",
        &format!(
            r#"{}
resource "terraform_data" "witness" {{
  input = "{name}"
  provisioner "local-exec" {{
    when    = destroy
    command = "true"
  }}
}}
"#,
            super::configuration(name, lifetime)
        ),
    );
    workspace.write(
        "backend_override.tf",
        &format!(
            "terraform {{\n  backend \"local\" {{\n    path = \"{override_path}\"\n  }}\n}}\n"
        ),
    );
    workspace
        .terraform(&[
            "init",
            "-no-color",
            &format!("-backend-config=path={state}"),
        ])
        .expect_success();
    workspace.apply().expect_success();
    workspace
}

#[test]
fn a_backend_that_the_configuration_overrides_is_not_the_one_that_is_destroyed() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let place = |name: &str| {
        let file = world.root().join(name);
        file.to_string_lossy().into_owned()
    };
    let (shared, own) = (place("shared.tfstate"), place("own.tfstate"));
    overridden(&world, "shared", LONG, &shared, &shared);
    overridden(&world, "own", SHORT, &own, &shared);
    let read = |file: &str| std::fs::read_to_string(file).expect("reading a state");
    let before = read(&shared);
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    assert_eq!(before, read(&shared), "{run}");
    let result = result_of(&run, "own");
    assert_eq!(result["result"], "destroyed", "{run}");
    assert_eq!(result["evidence"]["strategy"], "capsule", "{run}");
    assert!(read(&own).contains("\"resources\": []"), "{run}");
}

#[test]
fn what_the_operators_shell_says_to_terraform_is_not_heard() {
    let world = World::new();
    let live = apply(&world, "live", LONG);
    let mut shell = sweeper(&world);
    for (name, value) in [
        ("TF_WORKSPACE", "production"),
        ("TF_CLI_ARGS", "-no-such-argument"),
        ("TF_CLI_ARGS_plan", "-target=terraform_data.none"),
        ("TF_CLI_ARGS_apply", "-state=/nowhere.tfstate"),
        ("TF_DATA_DIR", "/nowhere"),
        ("TF_REATTACH_PROVIDERS", "no JSON"),
        ("TF_VAR_input", "x"),
        ("TF_LOG", "TRACE"),
        ("EPHEMERAL_FENCE", "999"),
    ] {
        shell = shell.with_env(name, value);
    }
    let due = apply(&world, "due", SHORT);
    wait_until_due(&shell, 1);
    let before = live.read("terraform.tfstate");
    shell.run(&["apply", "--auto-approve"]).expect_success();
    assert_eq!(due.addresses(), [""; 0]);
    assert_eq!(before, live.read("terraform.tfstate"));
}

/// Lets `change` change the state of an expired environment behind everybody's back, and checks that the sweeper then
/// leaves it and `other`, which lives, as they are.
fn is_left_alone(change: fn(&mut serde_json::Value, &TerraformWorkspace<'_>)) {
    let world = World::new();
    let other = apply(&world, "other", LONG);
    let sweeper = sweeper(&world);
    let due = apply(&world, "due", SHORT);
    wait_until_due(&sweeper, 1);
    let mut state = serde_json::from_str(&due.read("terraform.tfstate")).expect("a state");
    change(&mut state, &other);
    due.write("terraform.tfstate", &state.to_string());
    let before = [&due, &other].map(|workspace| workspace.read("terraform.tfstate"));
    let run = sweeper
        .run(&["apply", "--auto-approve", "--json"])
        .expect_exit(3);
    assert_eq!(
        before,
        [&due, &other].map(|workspace| workspace.read("terraform.tfstate")),
        "{run}"
    );
    let words = run.json()["results"].to_string();
    assert!(!words.contains("\"destroyed\""), "{run}");
}

fn marker(state: &mut serde_json::Value) -> &mut serde_json::Value {
    let resources = state["resources"].as_array_mut().expect("resources");
    resources
        .iter_mut()
        .find(|resource| resource["type"] == "ephemeral_environment")
        .expect("the marker")
}

#[test]
fn a_state_with_the_markers_of_two_environments_belongs_to_neither() {
    is_left_alone(|state, other| {
        let mut theirs = serde_json::from_str(&other.read("terraform.tfstate")).expect("a state");
        let mut second = marker(&mut theirs).clone();
        second["name"] = "second".into();
        state["resources"]
            .as_array_mut()
            .expect("resources")
            .push(second);
    });
}

#[test]
fn a_second_marker_that_cannot_be_read_may_be_anybodys() {
    is_left_alone(|state, _| {
        let mut second = marker(state).clone();
        second["name"] = "second".into();
        second["instances"][0]["attributes"]["id"] = serde_json::Value::Null;
        state["resources"]
            .as_array_mut()
            .expect("resources")
            .push(second);
    });
}

#[test]
fn a_marker_that_only_waits_to_be_deleted_proves_nothing() {
    is_left_alone(|state, _| marker(state)["instances"][0]["deposed"] = "0a1b2c3d".into());
}

#[test]
fn a_marker_of_another_life_proves_nothing() {
    is_left_alone(|state, _| marker(state)["instances"][0]["attributes"]["generation"] = 2.into());
}

#[test]
fn an_address_that_somebody_typed_proves_nothing() {
    let world = World::new();
    let victim = apply(&world, "victim", LONG);
    let sweeper = sweeper(&world);
    let path = victim.path("terraform.tfstate");
    let typed = format!(
        "{SHORT}\n  state = {{ backend = \"local\", config = {{ path = \"{}\" }} }}",
        path.display()
    );
    let liar = apply(&world, "liar", &typed);
    let before = [&victim, &liar].map(|workspace| workspace.read("terraform.tfstate"));
    acceptance::wait_for("it to expire", super::SOON, || {
        super::verdicts(&sweeper.json(&["plan"]), "review") == ["liar"]
    });
    sweeper.run(&["apply", "--auto-approve"]).expect_exit(3);
    assert_eq!(
        before,
        [&victim, &liar].map(|workspace| workspace.read("terraform.tfstate"))
    );
}

#[test]
fn a_marker_inside_a_module_governs_the_whole_state() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world);
    let workspace = world.workspace("nested");
    workspace.write("inner/main.tf", &super::configuration("nested", SHORT));
    workspace.write("main.tf", "module \"inner\" {\n  source = \"./inner\"\n}\n\nresource \"terraform_data\" \"outer\" {}\n");
    workspace.init().expect_success();
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    assert_eq!(result_of(&run, "nested")["result"], "destroyed", "{run}");
    assert_eq!(workspace.addresses(), [""; 0]);
}
