//! A saved plan, applied later, by another job, beside files that were not there before: Terraform plans again in the
//! apply, and whatever was promised must hold.

use acceptance::World;

use super::REQUIRED;

#[test]
fn another_job_applies_a_saved_plan_beside_a_file_that_was_added() {
    let world = World::new();
    let configuration = |step: &str| {
        format!(
            r#"{REQUIRED}
variable "owner" {{
  default = "ana"
}}
resource "ephemeral_environment" "this" {{
  name     = "pr-1"
  owner    = var.owner
  triggers = {{ step = "{step}" }}
}}
resource "ttl_lease" "runner" {{
  count = {step}
  ttl   = "1h"
}}
"#
        )
    };
    let workspace = world
        .workspace("job")
        .with_env("CI_SERVER_URL", "https://gitlab.com")
        .with_env("CI_JOB_URL", "https://gitlab.com/acme/shop/-/jobs/1");
    workspace.write("main.tf", &configuration("1"));
    workspace.apply().expect_success();
    workspace.write("main.tf", &configuration("2"));
    workspace
        .terraform(&["plan", "-input=false", "-out=saved"])
        .expect_success();

    workspace.write("added.tf", "# written after the plan\n");
    let other = workspace.with_env("CI_JOB_URL", "https://gitlab.com/acme/shop/-/jobs/2");
    other
        .terraform(&["apply", "-input=false", "saved"])
        .expect_success();
    let holder = |lease: &str| other.attribute(lease, "holder").to_string();
    assert_ne!(holder("ttl_lease.runner[0]"), holder("ttl_lease.runner[1]"));
    other.expect_no_changes();
}

/// What a provider block takes from a resource is unknown in the first plan.
#[test]
fn a_provider_block_may_follow_from_what_is_created_first() {
    let world = World::new();
    let workspace = world.workspace("first");
    workspace.write(
        "main.tf",
        r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
  }
}
resource "terraform_data" "ana" {
  input = "ana"
}
resource "terraform_data" "day" {
  input = "24h"
}
provider "ephemeral" {
  default_owner    = terraform_data.ana.output
  default_team     = terraform_data.ana.output
  tag_prefix       = "${terraform_data.ana.output}-"
  default_lifetime = { ttl = terraform_data.day.output }
}
resource "ephemeral_environment" "this" {
  name = "pr-1"
}
"#,
    );
    workspace.apply().expect_success();
    let attribute = |name: &str| workspace.attribute("ephemeral_environment.this", name);
    assert_eq!(attribute("owner"), "ana");
    assert_eq!(attribute("lifetime")["ttl"], "24h");
    assert_eq!(attribute("default_tags")["ana-team"], "ana");
    workspace.expect_no_changes();
}
