//! Variables of the environment, where no provider block is written, or an empty one.

use acceptance::{Run, World};

const BARE: &str = r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
  }
}

resource "ephemeral_environment" "this" {
  name  = "pr-1"
  owner = "ana"
}
"#;

/// What Terraform adds to whatever goes wrong where no block is written.
const THEIRS: &str = "requires explicit configuration";

/// Wrong in the validation of the provider, and wrong only when it is configured.
const WRONG: [(&str, &str, &str); 2] = [
    (
        "EPHEMERAL_MAX_LIFETIME",
        "soon",
        "Invalid Environment Variable",
    ),
    ("EPHEMERAL_ID_TOKEN", "hunter2", "Identity Token Refused"),
];

fn plan(variable: (&str, &str), configuration: &str) -> Run {
    let world = World::new();
    let workspace = world.workspace("pr-1").with_env(variable.0, variable.1);
    workspace.write("main.tf", configuration);
    workspace.terraform(&["plan", "-no-color"]).expect_failure()
}

#[test]
fn a_wrong_variable_is_said_once_by_its_name_and_that_no_block_is_needed() {
    let plan = plan(("EPHEMERAL_MAX_LIFETIME", "soon"), BARE);
    let text = plan.text();
    assert_eq!(text.matches("EPHEMERAL_MAX_LIFETIME").count(), 1, "{plan}");
    plan.expect_saying("that follows from this and asks for nothing");
}

/// So it helps nothing to say what is wrong with a variable in the one call rather than in the other.
#[test]
fn terraform_asks_for_a_block_whichever_call_refuses_and_an_empty_one_is_enough() {
    let empty = format!("{BARE}provider \"ephemeral\" {{}}\n");
    for (name, value, title) in WRONG {
        plan((name, value), BARE)
            .expect_saying(title)
            .expect_saying(THEIRS);
        plan((name, value), &empty)
            .expect_saying(title)
            .expect_not_saying(THEIRS);
    }
}
