//! Both addresses of the provider in one configuration, as users have it from a registry: two local names, no
//! `provider =`, one ledger.

use acceptance::World;

use super::ledger::Ledger;

const BOTH: &str = r#"
terraform {
  required_providers {
    ephemeral = { source = "ephemeral-environments/ephemeral" }
    ttl       = { source = "ephemeral-environments/ttl" }
  }
}

resource "ephemeral_environment" "this" {
  name  = "shop"
  owner = "ana"
}

resource "ttl_lease" "bastion" {
  environment = ephemeral_environment.this.name
  ttl         = "4h"
}
"#;

#[test]
fn both_addresses_are_installed_and_none_of_the_resources_names_its_provider() {
    let world = World::installed();
    let workspace = world.workspace("both");
    workspace.write("main.tf", BOTH);
    workspace
        .init()
        .expect_success()
        .expect_not_saying("Duplicate required provider");
    let lock = workspace.read(".terraform.lock.hcl");
    for address in ["ephemeral", "ttl"] {
        let entry =
            format!("provider \"registry.terraform.io/ephemeral-environments/{address}\" {{");
        assert!(lock.contains(&entry), "{lock}");
    }
    workspace
        .apply()
        .expect_success()
        .expect_not_saying("Warning");
    workspace.expect_no_changes();
    let state = workspace.state_json();
    let providers: Vec<_> = state["resources"]
        .as_array()
        .expect("resources")
        .iter()
        .map(|resource| {
            (
                resource["type"].as_str(),
                resource["provider"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(
        providers,
        [
            (
                Some("ephemeral_environment"),
                "provider[\"registry.terraform.io/ephemeral-environments/ephemeral\"]"
            ),
            (
                Some("ttl_lease"),
                "provider[\"registry.terraform.io/ephemeral-environments/ttl\"]"
            ),
        ]
    );
    assert_eq!(Ledger::of(&world).living().len(), 1);
    workspace
        .destroy()
        .expect_success()
        .expect_not_saying("Warning");
    assert_eq!(Ledger::of(&world).living().len(), 0);
}

#[test]
fn a_lease_moves_from_one_address_to_the_other_and_stays_what_it_is() {
    let world = World::installed();
    let workspace = world.workspace("moved");
    let under = |source: &str, pin: &str| {
        format!(
            "terraform {{\n  required_providers {{\n    {source} = {{ source = \"ephemeral-environments/{source}\" }}\n  \
             }}\n}}\n\nresource \"ttl_lease\" \"bastion\" {{\n{pin}  ttl = \"4h\"\n}}\n"
        )
    };
    workspace.write("main.tf", &under("ephemeral", "  provider = ephemeral\n"));
    workspace.init().expect_success();
    workspace.apply().expect_success();
    let id = workspace.attribute("ttl_lease.bastion", "id");
    workspace.write("main.tf", &under("ttl", ""));
    workspace
        .terraform(&[
            "state",
            "replace-provider",
            "-auto-approve",
            "ephemeral-environments/ephemeral",
            "ephemeral-environments/ttl",
        ])
        .expect_success();
    workspace.init().expect_success();
    workspace.expect_no_changes();
    assert_eq!(workspace.attribute("ttl_lease.bastion", "id"), id);
}
