//! Variables of the environment, where no provider block is written.

use acceptance::World;

/// Terraform adds an error that a provider block were missing to whatever goes wrong without one.
#[test]
fn a_wrong_variable_is_said_once_by_its_name_and_no_block_is_asked_for() {
    let world = World::new();
    let workspace = world
        .workspace("pr-1")
        .with_env("EPHEMERAL_MAX_LIFETIME", "soon");
    workspace.write(
        "main.tf",
        r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
  }
}

resource "ephemeral_environment" "this" {
  name  = "pr-1"
  owner = "ana"
}
"#,
    );
    let plan = workspace.terraform(&["plan", "-no-color"]).expect_failure();
    let text = plan.text();
    assert_eq!(text.matches("EPHEMERAL_MAX_LIFETIME").count(), 1, "{plan}");
    let words: Vec<&str> = text.split_whitespace().collect();
    let ours = "that follows from this and asks for nothing";
    let theirs = "requires explicit configuration";
    for sentence in [theirs, ours] {
        assert!(words.join(" ").contains(sentence), "{plan}");
    }
}
