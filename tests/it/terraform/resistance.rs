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
    let plan = plan.expect_saying("terraform_data.database: the sweeper keeps the environment");
    plan.expect_saying("Remove `prevent_destroy` from `lifecycle`");

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
        .expect_saying("terraform_data.database: the sweeper keeps the environment");
    workspace.apply().expect_success();
    let explained = world.sweeper().run(&["explain", "pr-128"]);
    explained
        .expect_saying("`protection`")
        .expect_saying("terraform_data.database");
}

const MODULE: &str = r#"
variable "greet" {
  default = true
}
resource "terraform_data" "kept" {
  count = 2
  lifecycle {
    prevent_destroy = true
  }
}
resource "terraform_data" "mourned" {
  count = var.greet ? 1 : 0
  provisioner "local-exec" {
    when    = destroy
    command = "echo farewell"
  }
}
"#;

/// `init` installs a local module by noting it in its list, and any other by copying it into the data directory. Both kinds
/// are read there.
#[test]
fn a_plan_sees_into_every_module_that_init_has_installed() {
    let world = World::new();
    let workspace = world.workspace("live");
    workspace.write("main.tf", &environment("pr-128", ""));
    workspace.write("modules/store/main.tf", MODULE);
    // Go-getter copies what an absolute path names, as it does what comes from a registry.
    let shared = world.workspace("shared");
    shared.write("main.tf", MODULE);
    let calls = format!(
        r#"
module "store" {{
  source   = "./modules/store"
  for_each = toset(["a", "b"])
}}
module "shared" {{
  source = "file::{}"
}}
"#,
        shared.folder().display()
    );
    workspace.write("modules.tf", &calls);
    workspace.terraform(&["get"]).expect_success();
    let list = workspace.read(".terraform/modules/modules.json");
    assert!(
        list.contains(r#""Dir":".terraform/modules/shared""#),
        "{list}"
    );
    let plan = workspace.terraform(&["plan", "-no-color"]);
    let text = plan.expect_success().text();
    for address in [
        "module.store.terraform_data.kept",
        "module.shared.terraform_data.kept",
    ] {
        let line = format!("- {address}: the sweeper keeps the environment");
        assert_eq!(text.matches(&line).count(), 1, "{address}: {text}");
    }
    assert!(!text.contains("mourned: "), "a capsule covers it: {text}");

    // A module that is too large for a capsule: the provisioner would be lost, in whichever module it is.
    workspace.write("long.tf", &format!("# {}\n", "x".repeat(9 << 20)));
    let plan = workspace.terraform(&["plan", "-no-color"]);
    let text = plan.expect_success().text();
    for address in [
        "module.store.terraform_data.mourned",
        "module.shared.terraform_data.mourned",
    ] {
        let line = format!("- {address}: a provisioner with `when = destroy`");
        assert_eq!(text.matches(&line).count(), 1, "{address}: {text}");
    }
}
