//! Terraform's own plan warns of what will resist when the lifetime is over.

use acceptance::World;

use super::environment;

const PROTECTED: &str = r#"
resource "terraform_data" "database" {
  input = "precious"
  lifecycle {
    prevent_destroy = true
  }
}
"#;

#[test]
fn a_plan_warns_once_of_what_will_resist_the_destroy_and_changes_nothing_by_it() {
    let world = World::new();
    let workspace = world.workspace("live");
    workspace.write("main.tf", &environment("pr-128", ""));
    workspace.write("database.tf", PROTECTED);
    let plan = workspace.terraform(&["plan", "-no-color"]);
    let plan = plan.expect_success();
    let warnings = plan.text().matches("Destroy Will Be Resisted").count();
    assert_eq!(warnings, 1, "{plan}");
    let plan = plan.expect_saying("terraform_data.database: `prevent_destroy = true`");
    plan.expect_saying("remove it from `lifecycle`");

    workspace.apply().expect_success();
    workspace.expect_no_changes();
    workspace.write("database.tf", &PROTECTED.replace("= true", "= false"));
    workspace
        .plan()
        .expect_not_saying("Destroy Will Be Resisted");
}

/// Another file may switch a resource on again, so its protection counts, and the plan says that it does.
#[test]
fn a_plan_names_every_protection_for_which_the_sweeper_keeps_the_environment() {
    let world = World::new();
    let workspace = world.workspace("live");
    workspace.write("main.tf", &environment("pr-128", ""));
    let switched_off = PROTECTED.replace("  input", "  count = 0\n  input");
    workspace.write("database.tf", &switched_off);
    let plan = workspace.terraform(&["plan", "-no-color"]);
    plan.expect_success()
        .expect_saying("terraform_data.database: `prevent_destroy = true`, so the sweeper keeps");
    workspace.apply().expect_success();
    let explained = world.sweeper().run(&["explain", "pr-128"]);
    explained
        .expect_saying("`protection`")
        .expect_saying("terraform_data.database");
}
