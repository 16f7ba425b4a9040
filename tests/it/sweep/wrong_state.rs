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
        &format!("terraform {{\n  backend \"local\" {{\n    path = \"{override_path}\"\n  }}\n}}\n"),
    );
    workspace
        .terraform(&["init", "-no-color", &format!("-backend-config=path={state}")])
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
