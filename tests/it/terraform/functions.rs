//! The functions under real terraform: their examples answer what their comments say, `console` can try them, and an
//! error points at the argument.

use acceptance::workspace::TerraformWorkspace;
use acceptance::{Run, RunningProcess, World, repository};
use serde_json::{Value, json};

use super::REQUIRED;

/// The example of a function, in a workspace of its own.
fn example<'world>(world: &'world World, name: &str) -> TerraformWorkspace<'world> {
    let path = format!("examples/functions/{name}/function.tf");
    let text = std::fs::read_to_string(repository::root().join(&path));
    let workspace = world.workspace(name);
    workspace.write(
        "function.tf",
        &text.unwrap_or_else(|error| panic!("{path}: {error}")),
    );
    workspace
}

/// The values of all outputs.
fn outputs(workspace: &TerraformWorkspace<'_>) -> Value {
    let run = workspace.terraform(&["output", "-json"]).expect_success();
    let outputs = run.json();
    let outputs = outputs.as_object().expect("outputs by name");
    outputs
        .iter()
        .map(|(name, output)| (name.clone(), output["value"].clone()))
        .collect()
}

#[test]
fn the_example_of_every_function_answers_what_it_says_and_the_same_in_the_next_plan() {
    let world = World::new();
    let expected = [
        ("duration", json!({"seconds": 37_800, "spelled": "10h30m"})),
        (
            "expires_at",
            json!({"link_is_valid_until": "2026-02-15T06:36:13Z"}),
        ),
        (
            "slug",
            json!({
                "name": "feature-checkout-in-one-step-f7da7894",
                "bucket": "acme-previews-feature-checkout-in-one-step-f7da7894",
            }),
        ),
        (
            "tags",
            json!({
                "aws": {"cost-centre": "4711", "team": "checkout", "url:owner": "https://example.com/ana"},
                "gcp": {"cost-centre": "4711", "team": "platform"},
            }),
        ),
        (
            "profile_for",
            json!({
                "profile": "minimal",
                "own_rules": {
                    "profile": "minimal", "needs_approval": false,
                    "reason": "every changed file is one of `docs/**`, `web/**`, `*.md`",
                },
            }),
        ),
    ];
    let pages = repository::files().into_iter();
    let pages = pages.filter(|file| file.path.starts_with("docs/functions/"));
    assert_eq!(pages.count(), expected.len(), "every function is here");
    for (name, expected) in expected {
        let workspace = example(&world, name);
        workspace.apply().expect_success();
        assert_eq!(outputs(&workspace), expected, "{name}");
        workspace.expect_no_changes();
    }
}

/// What `terraform console` answers.
fn console(workspace: &TerraformWorkspace<'_>, world: &World, expression: &str) -> Run {
    let mut command = world.command("bash");
    command.current_dir(workspace.folder()).args([
        "-c",
        "printf '%s\\n' \"$1\" | terraform console -no-color",
        "bash",
        expression,
    ]);
    RunningProcess::run(command)
}

#[test]
fn a_console_can_try_every_function() {
    let world = World::new();
    let workspace = world.workspace("console");
    workspace.write("main.tf", REQUIRED);
    for (expression, answer) in [
        ("provider::ephemeral::duration(\"72h\").canonical", "\"3d\""),
        (
            "provider::ephemeral::expires_at(\"2026-01-01T00:00:00Z\", \"90m\")",
            "\"2026-01-01T01:30:00Z\"",
        ),
        ("provider::ephemeral::slug(\"pr-128\")", "\"pr-128\""),
        ("provider::ephemeral::tags(\"aws\", null)", "tomap({})"),
        (
            "provider::ephemeral::profile_for([], [\"load-test\"]).profile",
            "\"enhanced\"",
        ),
        (
            "provider::ttl::profile_for([\"a.go\"], [], null).reason",
            "\"no rule fits\"",
        ),
    ] {
        console(&workspace, &world, expression)
            .expect_success()
            .expect_saying(answer);
    }
}

#[test]
fn an_error_names_the_function_the_argument_and_what_would_be_right() {
    let world = World::new();
    let workspace = world.workspace("wrong");
    for (call, parameter, text) in [
        ("duration(\"72\")", "text", "for example `72h`."),
        (
            "expires_at(\"2026-01-01T00:00:00Z\", \"0\")",
            "ttl",
            "for example `90m`.",
        ),
        ("slug(\"a\", 5)", "max_length", "for example `40`."),
        (
            "tags(\"gcp\", { Team = \"a\" })",
            "tags",
            "The tag `Team`: ",
        ),
        (
            "profile_for([], [], [{ profile = 1 }])",
            "rules",
            "Rule 1 names no profile",
        ),
    ] {
        let output = format!("output \"wrong\" {{\n  value = provider::ephemeral::{call}\n}}\n");
        workspace.write("main.tf", &format!("{REQUIRED}{output}"));
        workspace
            .terraform(&["plan", "-no-color"])
            .expect_failure_containing(text)
            .expect_saying(&format!("Invalid value for \"{parameter}\" parameter"));
    }
}

#[test]
fn tags_of_a_resource_that_is_not_there_yet_have_known_keys_in_the_first_plan() {
    let world = World::new();
    let workspace = world.workspace("tags");
    let rest = r#"
resource "terraform_data" "id" {}
locals {
  tags = provider::ephemeral::tags("aws", { team = "checkout" }, { id = terraform_data.id.id })
}
resource "terraform_data" "each" {
  for_each = toset(keys(local.tags))
}
output "tags" {
  value = local.tags
}
"#;
    workspace.write("main.tf", &format!("{REQUIRED}{rest}"));
    workspace.apply().expect_success();
    assert_eq!(outputs(&workspace)["tags"]["team"], "checkout");
    workspace.expect_no_changes();
}
