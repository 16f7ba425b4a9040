//! What the configuration calls sensitive: Terraform takes the mark away and prints what a provider says as it stands, so what
//! may be a secret has to be kept out of messages by the provider (`docs/decisions/0008-values-in-messages.md`).

use acceptance::World;

use super::{REQUIRED, errors};

const SECRET: &str = "Hunter2 Hunter2";

fn configuration(arguments: &str) -> String {
    format!(
        r#"{REQUIRED}
variable "secret" {{
  sensitive = true
  default   = "{SECRET}"
}}

resource "ephemeral_environment" "this" {{
  name = "pr-1"
  {arguments}
}}
"#
    )
}

#[test]
fn terraform_shows_what_a_message_repeats_of_a_value_it_was_told_to_hide() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &configuration("lifetime = { ttl = var.secret }"));
    for arguments in [&["plan", "-no-color"][..], &["plan", "-json"]] {
        workspace
            .terraform(arguments)
            .expect_failure_containing(SECRET);
    }
}

#[test]
fn what_may_be_a_secret_is_not_repeated_by_a_message_that_refuses_it() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let expected = [
        (
            "state = { backend = \"s3\", config = { secret_key = var.secret } }",
            vec!["Setting Not Recorded"],
        ),
        (
            "team = var.secret\n  project = var.secret\n  tags = { token = var.secret }",
            vec!["Invalid Tag", "Invalid Tag Value", "Invalid Tag Value"],
        ),
    ];
    for (arguments, titles) in expected {
        workspace.write("main.tf", &configuration(arguments));
        let plan = workspace.terraform(&["plan", "-json"]).expect_failure();
        let found = errors(&plan);
        let mut found: Vec<&str> = found
            .iter()
            .filter_map(|error| Some(error.split_once(" at ")?.0))
            .collect();
        found.sort_unstable();
        assert_eq!(found, titles, "{plan}");
        plan.expect_not_saying(SECRET);
    }
}
