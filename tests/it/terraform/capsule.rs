//! The capsule of a real root module, as `init` and `apply` leave it: what is in it, what never is, and what it says of
//! protections.

use acceptance::World;

use super::ledger::Ledger;
use super::{REQUIRED, environment};

/// Configuration that Terraform takes, in spellings that a reader of it may stumble over.
const RICH: &str = r#"
# Ünïcode — comments
// of every
/* kind,
   also long ones */
variable "secret" {
  type      = object({ name = string, size = optional(number, 3) })
  sensitive = true
  validation {
    condition     = length(var.secret.name) > 0 && !startswith(var.secret.name, "-")
    error_message = "No \"${"empty"}\" name, 100%%{ sure."
  }
}
locals {
  text = <<-EOT
    resource "fake" "in_text" { lifecycle { prevent_destroy = true } }
    %{for name in ["a", "b"]~}
    ${name}: ${upper(name)}
    %{endfor~}
  EOT
  map     = { for key, value in { a = 1, "b c" = 2 } : key => value... if value != null }
  splat   = terraform_data.many[*].id
  legacy  = terraform_data.many.*.id
  ternary = var.secret == null ? 1e3 : -0.5
  heredoc = [<<A
one
A
    , <<B
two
B
  ]
}
resource "terraform_data" "many" {
  count = 2
  input = {
    (local.text) = 0
    a : 1, "b" = [1, 2,
    3], (local.ternary) = "!"
  }
  lifecycle {
    precondition {
      condition     = alltrue([for one in [local.text] : one != ""])
      error_message = "x"
    }
    replace_triggered_by = [terraform_data.other]
  }
}
resource terraform_data other { input = "unquoted labels" }
check "health" {
  assert {
    condition     = length(local.map) >= 0
    error_message = "x"
  }
}
output "text" { value = local.text }
"#;

const PROTECTED: &str = "resource \"terraform_data\" \"database\" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";

#[test]
fn a_root_module_with_modules_is_kept_whole_without_values_and_states() {
    let world = World::installed();
    let workspace = world.workspace("pr-1");
    let head = format!("{}{RICH}", environment("pr-1", ""));
    let modules = "module \"db\" {\n  source = \"./modules/db\"\n}\nmodule \"net\" {\n  for_each = toset([\"a\"])\n  source   = \"../shared\"\n}\n";
    workspace
        .write("main.tf", &head)
        .write("modules.tf", modules)
        .write("terraform.tfvars", "secret = { name = \"hunter2\" }\n")
        .write("other.auto.tfvars.json", "{\"//\": \"hunter2\"}")
        .write("modules/db/db.tf", PROTECTED)
        .write("modules/db/deep.tf", "module \"deep\" {\n  source = \"./deep\"\n}\n")
        .write("modules/db/deep/deep.tf.json", r#"{"resource": {"terraform_data": {"log": {"lifecycle": {"prevent_destroy": true}}}}}"#);
    world
        .workspace("shared")
        .write("net.tf", &PROTECTED.replace("database", "network"));
    workspace.init().expect_success();
    workspace
        .apply()
        .expect_success()
        .expect_saying("Destroy May Need Help")
        .expect_saying(
            "the module net lies outside the root module's directory and was not copied",
        );

    let ledger = Ledger::of(&world);
    let record = ledger.environment();
    let kept = ledger.capsule(&record);
    let paths: Vec<&str> = kept.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            ".terraform.lock.hcl",
            ".terraform/modules/modules.json",
            "main.tf",
            "modules.tf",
            "modules/db/db.tf",
            "modules/db/deep.tf",
            "modules/db/deep/deep.tf.json",
        ]
    );
    assert_eq!(kept["main.tf"], head);
    assert!(kept[".terraform.lock.hcl"].contains("ephemeral-environments/ephemeral"));
    assert!(!kept.values().any(|text| text.contains("hunter2")));
    let capture = record.capture.expect("something was captured");
    assert_eq!(
        capture.prevent_destroy,
        [
            "module.db.module.deep.terraform_data.log",
            "module.db.terraform_data.database",
            "module.net.terraform_data.network",
        ]
    );
    assert_eq!(capture.destroy_provisioners, ["terraform_data.page"]);
    assert_eq!(capture.gaps.len(), 1, "{:?}", capture.gaps);
    assert_eq!(capture.cli, "terraform");
    workspace.expect_no_changes();
}

#[test]
fn a_changed_module_is_kept_anew_and_the_same_configuration_is_one_capsule() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let module = "module \"db\" {\n  source = \"./db\"\n}\n";
    workspace
        .write("main.tf", &format!("{}{module}", environment("pr-1", "")))
        .write("db/db.tf", "resource \"terraform_data\" \"database\" {}\n");
    workspace.init().expect_success();
    workspace.apply().expect_success();
    let ledger = Ledger::of(&world);
    let first = ledger.environment().capture.expect("captured");
    workspace.write("db/db.tf", PROTECTED);
    workspace
        .apply()
        .expect_success()
        .expect_saying("1 changed");
    let second = ledger.environment().capture.expect("captured");
    assert_eq!(
        second.prevent_destroy,
        ["module.db.terraform_data.database"]
    );
    assert_ne!(first.capsule, second.capsule);
    workspace.write("db/db.tf", "resource \"terraform_data\" \"database\" {}\n");
    workspace.apply().expect_success();
    let third = ledger.environment().capture.expect("captured");
    assert_eq!(
        (third.capsule, third.prevent_destroy),
        (first.capsule, vec![])
    );
}

#[test]
fn a_module_that_init_installed_in_a_data_directory_elsewhere_is_kept_where_a_replay_looks() {
    let world = World::installed();
    let package = world.workspace("package");
    package.write("db.tf", PROTECTED);
    let workspace = world
        .workspace("pr-1")
        .with_env("TF_DATA_DIR", "../data of pr-1");
    let module = format!(
        "module \"db\" {{\n  source = \"{}\"\n}}\n",
        package.folder().display()
    );
    workspace.write("main.tf", &format!("{}{module}", environment("pr-1", "")));
    workspace.init().expect_success();
    workspace.apply().expect_success();
    let ledger = Ledger::of(&world);
    let record = ledger.environment();
    let kept = ledger.capsule(&record);
    let list = ".terraform/modules/modules.json";
    let paths: Vec<&str> = kept.keys().map(String::as_str).collect();
    let db = ".terraform/modules/db/db.tf";
    assert_eq!(paths, [".terraform.lock.hcl", db, list, "main.tf"]);
    assert!(
        kept[list].contains("\"Dir\":\".terraform/modules/db\""),
        "{}",
        kept[list]
    );
    let capture = record.capture.expect("captured");
    assert_eq!(
        capture.prevent_destroy,
        ["module.db.terraform_data.database"]
    );
    workspace.expect_no_changes();
}

#[test]
fn two_states_of_one_configuration_share_one_capsule() {
    let world = World::new();
    let configuration = format!(
        "{REQUIRED}resource \"ephemeral_environment\" \"this\" {{\n  name = terraform.workspace\n}}\n"
    );
    let workspace = world.workspace("shop");
    workspace.write("main.tf", &configuration);
    for name in ["blue", "green"] {
        workspace
            .terraform(&["workspace", "new", name])
            .expect_success();
        workspace.apply().expect_success();
    }
    let kept: Vec<_> = Ledger::of(&world)
        .environments()
        .into_iter()
        .map(|environment| environment.capture.expect("captured").capsule)
        .collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[0], kept[1]);
}
