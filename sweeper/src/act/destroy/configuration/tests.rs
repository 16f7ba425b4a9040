//! What is read out of configurations, in both syntaxes.

use serde_json::json;

use super::*;

fn capsule(files: &[(&str, &str)]) -> Capsule {
    Capsule {
        files: files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect(),
    }
}

#[track_caller]
fn arguments(files: &[(&str, &str)], address: &str) -> Option<Result<Value, String>> {
    let address = ProviderAddress::parse(address).expect(address);
    Configuration::of(&capsule(files), CliKind::Terraform)
        .provider(&address)
        .map(|block| block.arguments.map(Value::Object))
}

const AWS: &str = "provider[\"registry.terraform.io/hashicorp/aws\"]";

#[test]
fn a_provider_is_found_by_source_and_alias_in_either_syntax() {
    let hcl = r#"
terraform {
  required_providers {
    amazon = { source = "hashicorp/aws", version = "~> 5" }
  }
}
provider "amazon" {
  region = "a"
}
provider "amazon" {
  alias  = "west"
  region = var.region
}
"#;
    let json = r#"{
        "terraform": [{"required_providers": {"amazon": {"source": "registry.terraform.io/hashicorp/aws"}}}],
        "provider": {"amazon": [{"region": "a"}, {"alias": "west", "region": "${var.region}"}]}
    }"#;
    for files in [[("main.tf", hcl)], [("main.tf.json", json)]] {
        assert_eq!(arguments(&files, AWS), Some(Ok(json!({"region": "a"}))));
        assert_eq!(
            arguments(&files, &format!("{AWS}.west")),
            Some(Err("region".to_owned()))
        );
        assert_eq!(arguments(&files, &format!("{AWS}.east")), None);
    }
}

#[test]
fn a_provider_without_requirement_is_hashicorps() {
    let files = [("main.tf", "provider \"aws\" {}\n")];
    assert_eq!(arguments(&files, AWS), Some(Ok(json!({}))));
}

#[test]
fn a_provider_inside_a_module_is_found_through_its_call_or_through_terraforms_notes() {
    let module = "provider \"aws\" {\n  region = \"m\"\n}\n";
    let called = [
        ("main.tf", "module \"a\" {\n  source = \"./mods/a\"\n}\n"),
        ("mods/a/x.tf", module),
    ];
    let noted = [
        ("main.tf", "module \"a\" {\n  source = \"acme/a/aws\"\n}\n"),
        (
            ".terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"a","Source":"acme/a/aws","Dir":".terraform/modules/a"}]}"#,
        ),
        (".terraform/modules/a/x.tf", module),
    ];
    for files in [&called[..], &noted[..]] {
        assert_eq!(
            arguments(files, &format!("module.a.{AWS}")),
            Some(Ok(json!({"region": "m"})))
        );
        assert_eq!(arguments(files, AWS), None);
    }
}

#[test]
fn what_cannot_be_understood_is_told_and_nothing_is_guessed() {
    let of = |files: &[(&str, &str)]| {
        Configuration::of(&capsule(files), CliKind::Terraform)
            .module(&[])
            .expect("there are files")
            .unreadable
    };
    assert_eq!(of(&[("main.tf", "provider \"aws\" {")]), ["main.tf"]);
    assert_eq!(of(&[("a.tf.json", "[]")]), ["a.tf.json"]);
    assert_eq!(
        of(&[("a.tf", "provider \"aws\" {\n  alias = var.x\n}\n")]),
        ["a.tf"]
    );
    assert_eq!(
        of(&[
            ("main.tf", "provider \"aws\" {}\n"),
            (
                "aws_override.tf",
                "provider \"aws\" {\n  region = \"x\"\n}\n"
            ),
            ("other_override.tf", "locals {}\n"),
        ]),
        ["aws_override.tf"]
    );
    assert!(
        Configuration::of(&capsule(&[("README.md", "x")]), CliKind::Terraform)
            .module(&[])
            .is_none()
    );
}

#[test]
fn a_cloud_block_is_seen_in_either_syntax() {
    for files in [
        [(
            "main.tf",
            "terraform {\n  cloud {\n    organization = \"x\"\n  }\n}\n",
        )],
        [("main.tf.json", r#"{"terraform":{"cloud":{}}}"#)],
    ] {
        let module = Configuration::of(&capsule(&files), CliKind::Terraform)
            .module(&[])
            .expect("there are files");
        assert!(module.cloud);
    }
}
