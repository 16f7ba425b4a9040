//! Both spellings of configuration, and whatever else a file may hold.

use super::*;

fn scan(prefix: &str, path: &str, content: &[u8]) -> Result<Findings, String> {
    Source::parse(path, content).map(|source| super::scan(prefix, &source))
}

#[track_caller]
fn found(path: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let findings = scan("", path, text.as_bytes()).expect("it can be read");
    (findings.prevent_destroy, findings.destroy_provisioners)
}

const NOTHING: (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());

#[test]
fn the_native_syntax_says_what_is_protected_and_what_runs_at_destroy() {
    let text = r#"
        terraform { required_version = ">= 1.0" }
        variable "x" {
          default = <<-EOT
          resource "fake" "in_text" { lifecycle { prevent_destroy = true } }
        EOT
        }
        resource "aws_db_instance" "main" {
          name = "${var.x}-%{if true}a%{endif}"
          lifecycle {
            ignore_changes  = all
            prevent_destroy = true
          }
        }
        resource "aws_instance" "plain" {
          lifecycle { prevent_destroy = false }
          provisioner "local-exec" { command = "echo created" }
        }
        resource "aws_instance" "mourned" {
          provisioner "local-exec" {
            when    = destroy
            command = provider::acme::farewell("./${path.module}/x", local.all...)
          }
          provisioner "remote-exec" {
            when   = "destroy"
            inline = ["true"]
          }
        }
        data "aws_ami" "x" {
          lifecycle {
            postcondition { condition = alltrue([for x in var.list : x != null]) }
          }
        }
    "#;
    assert_eq!(
        found("main.tf", text),
        (
            vec!["aws_db_instance.main".to_owned()],
            vec!["aws_instance.mourned".to_owned()]
        )
    );
}

#[test]
fn the_json_syntax_says_the_same_in_all_its_spellings() {
    let spellings = [
        r#"{"resource": {"a": {"b": {"lifecycle": {"prevent_destroy": true},
            "provisioner": {"local-exec": {"when": "destroy", "command": "x"}}}}}}"#,
        r#"{"resource": [{"a": {"b": [{"lifecycle": [{"prevent_destroy": true}],
            "provisioner": [{"local-exec": [{"when": "destroy", "command": "x"}]}]}]}}]}"#,
        r#"{"resource": {"a": [{"b": {"lifecycle": {"prevent_destroy": true},
            "provisioner": [{"file": {}}, {"local-exec": {"when": "destroy"}}]}}]}}"#,
    ];
    let both = (vec!["a.b".to_owned()], vec!["a.b".to_owned()]);
    for text in spellings {
        assert_eq!(found("main.tf.json", text), both, "{text}");
    }
    for text in [
        "{}",
        r#"{"//": "a comment", "variable": {"x": {}}}"#,
        r#"{"resource": {"a": {"b": {"lifecycle": {"prevent_destroy": false}}}}}"#,
        r#"{"resource": {"a": {"b": {"provisioner": {"local-exec": {"when": "create"}}}}}}"#,
        r#"{"resource": null}"#,
    ] {
        assert_eq!(found("main.tf.json", text), NOTHING, "{text}");
    }
}

#[test]
fn a_protection_that_is_not_plainly_off_protects() {
    for value in [
        "true",
        "var.keep",
        "\"true\"",
        "\"false\"",
        "null",
        "1",
        "!true",
    ] {
        let text = format!(
            "resource \"a\" \"b\" {{\n lifecycle {{\n prevent_destroy = {value}\n }}\n}}\n"
        );
        assert_eq!(found("x.tf", &text).0, ["a.b"], "{value}");
    }
    for value in ["true", "\"true\"", "\"${var.keep}\"", "null", "0"] {
        let text = format!(
            r#"{{"resource": {{"a": {{"b": {{"lifecycle": {{"prevent_destroy": {value}}}}}}}}}}}"#
        );
        assert_eq!(found("x.tf.json", &text).0, ["a.b"], "{value}");
    }
}

#[test]
fn an_address_in_a_module_carries_its_path() {
    assert_eq!(prefix(""), "");
    assert_eq!(prefix("net"), "module.net.");
    assert_eq!(prefix("net.dns"), "module.net.module.dns.");
    let text = "resource \"a\" \"b\" {\n lifecycle {\n prevent_destroy = true\n }\n}\n";
    let findings = scan(&prefix("net.dns"), "x.tf", text.as_bytes()).expect("read");
    assert_eq!(findings.prevent_destroy, ["module.net.module.dns.a.b"]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_obstacle() {
    let text = "\u{feff}resource \"a\" \"b\" {\r\n  lifecycle {\r\n    prevent_destroy = true\r\n  }\r\n}\r\n";
    assert_eq!(found("x.tf", text).0, ["a.b"]);
}

#[test]
fn what_cannot_be_understood_is_an_error_that_names_the_place_and_repeats_nothing() {
    let broken: [(&str, &[u8]); 5] = [
        ("x.tf", b"resource \"a\" \"b\" {\n password = \"hunter2\n"),
        ("x.tf", b"provider aws { secret_key = hunter2 hunter2 }"),
        ("x.tf", b"\xff\xfe hunter2"),
        ("x.tf.json", b"{\"a\": \"hunter2\""),
        ("x.tofu", b"}}}} hunter2"),
    ];
    for (path, content) in broken {
        let error = scan("", path, content).expect_err(path);
        assert!(error.starts_with(path), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}
