//! Where Terraform points: each problem at the very line it is about, also inside nested attributes, and all in one run.

use acceptance::World;

use super::errors;

const REQUIRED: &str = r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
    ttl       = { source = "ephemeral-environments/ttl" }
  }
}
"#;

/// The errors of `terraform plan` of `configuration`, sorted.
fn pointed_at(configuration: &str) -> Vec<String> {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &format!("{REQUIRED}{configuration}"));
    let mut found = errors(&workspace.terraform(&["plan", "-json"]).expect_failure());
    found.sort();
    found
}

#[test]
fn every_problem_of_a_provider_block_is_at_its_line() {
    let found = pointed_at(
        r#"
provider "ephemeral" {
  default_owner = " "
  run_token     = "hunter2"
  required_tags = [
    "cost-centre",
    "",
  ]
  default_lifetime = {
    ttl = "9h"
    max = "8h"
  }
  max_lifetime = {
    grace = "soon"
  }
  identity = {
    audience = ""
  }
}

resource "ephemeral_environment" "this" {
  name = "pr-1"
}
"#,
    );
    let expected = [
        "Invalid Provider Configuration at \"\",",
        "Invalid Provider Configuration at audience = \"\"",
        "Invalid Provider Configuration at default_owner = \" \"",
        "Invalid Provider Configuration at grace = \"soon\"",
        "Invalid Provider Configuration at ttl = \"9h\"",
        "Invalid Run Token at run_token     = \"hunter2\"",
    ];
    assert_eq!(found, expected);
}

#[test]
fn every_problem_of_several_resources_is_at_its_line() {
    let found = pointed_at(
        r#"
resource "ephemeral_environment" "this" {
  name = "pr-1"
  tags = {
    stage = null
  }
  pull_request = {
    repository = "acme/shop"
    number     = 0
  }
  lifetime = {
    ttl             = "3h"
    max             = "2h"
    idle            = "1h"
    hibernate_after = "90m"
  }
  state = {
    backend   = "s3"
    workspace = ""
  }
}

resource "ttl_lease" "bastion" {
  ttl       = "9h"
  max_ttl   = "8h"
  holder    = " "
  run_token = "hunter2"
  targets = [
    "aws_instance.bastion",
    "",
  ]
}
"#,
    );
    let expected = [
        "Empty Target at \"\",",
        "Empty Value at holder    = \" \"",
        "Invalid Lease Duration at ttl       = \"9h\"",
        "Invalid Lifetime at hibernate_after = \"90m\"",
        "Invalid Lifetime at ttl             = \"3h\"",
        "Invalid Pull Request at number     = 0",
        "Invalid Run Token at run_token = \"hunter2\"",
        "Invalid State Address at workspace = \"\"",
        "Tag Without A Value at stage = null",
    ];
    assert_eq!(found, expected);
}

/// What only the invocation tells points at the argument that would mend it, or at the block that lacks it.
#[test]
fn what_is_found_out_while_configuring_is_at_the_argument_that_mends_it() {
    let world = World::new();
    let workspace = world
        .workspace("pr-1")
        .with_env("EPHEMERAL_ID_TOKEN", "hunter2");
    let configuration = |block: &str| {
        format!(
            "{REQUIRED}{block}\nresource \"ephemeral_environment\" \"this\" {{\n  name = \"pr-1\"\n}}\n"
        )
    };
    for (block, line) in [
        (
            "provider \"ephemeral\" {\n  identity = {\n    required = true\n  }\n}",
            "identity = {",
        ),
        ("provider \"ephemeral\" {\n}", "provider \"ephemeral\" {"),
    ] {
        workspace.write("main.tf", &configuration(block));
        let plan = workspace.terraform(&["plan", "-json"]).expect_failure();
        assert_eq!(errors(&plan), [format!("Identity Token Refused at {line}")]);
    }
}
