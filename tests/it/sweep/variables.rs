//! Input variables without a default: a destroy that needs the configuration gets their values from the sweeper's own
//! configuration, and from nowhere else.

use acceptance::workspace::TerraformWorkspace;
use acceptance::{Sweeper, World};

use super::{LONG, SHORT, apply, phase, result_of, sweeper, wait_until_due};

/// What is given to Terraform, and later to the sweeper. Terraform takes no other values.
const OWNER: &str = "hunter-owner";
const TOKEN: &str = "hunter-token";

/// The SHA-256 of the token, by which the configuration knows the right one.
const TOKEN_SHA256: &str = "6ca5bc2e8ad41fcb0499dc99115c70b9a3453a5f4294d292a5bdd9ab582f6e39";

/// An environment whose provider is configured by variables without a default, and which runs something at its destroy.
fn with_variables<'world>(world: &'world World, name: &str) -> TerraformWorkspace<'world> {
    let workspace = world
        .workspace(name)
        .with_env("TF_VAR_owner", OWNER)
        .with_env("TF_VAR_token", TOKEN)
        .with_env("TF_VAR_zones", r#"["a", "b"]"#);
    let provider = "default_owner = \"ana\"";
    let configuration = super::configuration(name, SHORT);
    assert!(configuration.contains(provider), "{configuration}");
    let configuration = configuration.replace(provider, "default_owner = var.owner");
    workspace.write(
        "main.tf",
        &format!(
            r#"{configuration}
variable "owner" {{
  type      = string
  sensitive = true
}}

variable "token" {{
  type      = string
  ephemeral = true

  validation {{
    condition     = sha256(var.token) == "{TOKEN_SHA256}"
    error_message = "This is not the token."
  }}
}}

variable "zones" {{
  type = list(string)

  validation {{
    condition     = length(var.zones) == 2
    error_message = "Two zones are needed."
  }}
}}

resource "terraform_data" "last" {{
  input = path.cwd
  provisioner "local-exec" {{
    when        = destroy
    working_dir = self.input
    command     = "env | grep -c '^TF_VAR_undeclared\\|^SWEEPER_VAR' >witness || true"
  }}
}}
"#
        ),
    );
    workspace.apply().expect_success();
    workspace
}

/// The token is neither in the ledger nor in anything that is said of `name`.
#[track_caller]
fn nothing_tells(world: &World, sweeper: &Sweeper<'_>, name: &str) {
    let ledger = world.ledger_file();
    for file in ["", "-wal"].map(|end| format!("{}{end}", ledger.display())) {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(TOKEN), "the token is in {file}");
    }
    sweeper.run(&["explain", name]).expect_not_saying(TOKEN);
}

#[test]
fn variables_without_a_value_are_named_with_the_setting_for_them() {
    let world = World::new();
    apply(&world, "live", LONG);
    // What is meant for another run of terraform is not heard.
    let sweeper = sweeper(&world).with_env("TF_VAR_token", TOKEN);
    with_variables(&world, "bare");
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    let result = result_of(&run, "bare");
    assert_eq!(result["result"], "failed", "{run}");
    let remedy = result["remedy"].as_str().unwrap_or_default();
    for part in [
        "under `[input_variables.\"*\"]`",
        "SWEEPER_VAR_",
        "owner",
        "token",
        "zones",
    ] {
        assert!(remedy.contains(part), "{part}\n{run}");
    }
    assert_eq!(phase(&sweeper, "bare"), "stuck");
    nothing_tells(&world, &sweeper, "bare");
}

#[test]
fn values_from_the_configuration_a_file_and_the_environment_replay_it() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world)
        .with_env("SWEEPER_VAR_owner", OWNER)
        .with_env("SWEEPER_VAR_undeclared", TOKEN);
    let secret = sweeper.folder().join("token");
    std::fs::write(&secret, format!("{TOKEN}\n")).expect("writing a secret");
    let configured = format!(
        "[input_variables.\"*\"]\nzones = [\"a\"]\nowner = \"nobody\"\nundeclared = \"x\"\n\n\
         [input_variables.\"given\"]\nzones = [\"a\", \"b\"]\n\n\
         [input_variable_files.\"given\"]\ntoken = \"{}\"\n",
        secret.display()
    );
    let file = sweeper.folder().join("sweeper.toml");
    std::fs::write(file, configured).expect("writing the configuration");
    let workspace = with_variables(&world, "given");
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    let result = result_of(&run, "given");
    assert_eq!(result["result"], "destroyed", "{run}");
    assert_eq!(result["evidence"]["strategy"], "capsule", "{run}");
    assert_eq!(workspace.addresses(), [""; 0]);
    let seen = workspace.read("witness");
    assert_eq!(seen.trim(), "0", "more was passed than is declared");
    nothing_tells(&world, &sweeper, "given");
}

#[test]
fn a_value_that_an_error_quotes_is_hidden() {
    let world = World::new();
    apply(&world, "live", LONG);
    let sweeper = sweeper(&world).with_env("SWEEPER_VAR_ttl", "hunter-lifetime");
    let provider = "default_owner = \"ana\"";
    let with_lifetime = format!("{provider}\n  default_lifetime = {{ hibernate_after = var.ttl }}");
    let configuration = super::configuration("quoted", SHORT).replace(provider, &with_lifetime);
    let needs_it = "variable \"ttl\" {}\n\nresource \"terraform_data\" \"last\" {\n  provisioner \"local-exec\" {\n    \
                    when    = destroy\n    command = \"true\"\n  }\n}\n";
    let workspace = world.workspace("quoted").with_env("TF_VAR_ttl", "4h");
    workspace.write("main.tf", &format!("{configuration}\n{needs_it}"));
    workspace.apply().expect_success();
    wait_until_due(&sweeper, 1);
    let run = sweeper.run(&["apply", "--auto-approve", "--json"]);
    assert_eq!(result_of(&run, "quoted")["result"], "failed", "{run}");
    let run = run.expect_not_saying("hunter");
    run.expect_saying("(hidden)");
    sweeper
        .run(&["explain", "quoted"])
        .expect_not_saying("hunter");
}
