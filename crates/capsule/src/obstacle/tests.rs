//! What is seen of each type, in both syntaxes, and what is not.

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::scan::prefix;

/// What is found in `text`, the only file of the module with the key `key`.
fn found(key: &str, path: &str, text: &str) -> Vec<Obstacle> {
    let source = Source::parse(path, text.as_bytes()).expect("configuration");
    obstacles(&prefix(key), &source)
}

fn seen(text: &str) -> Vec<String> {
    let found = found("", "main.tf", text);
    found.iter().map(ToString::to_string).collect()
}

fn resource(kind: &str, body: &str) -> String {
    format!("resource \"{kind}\" \"x\" {{\n{body}\n}}\n")
}

#[test]
fn what_resists_is_named_with_its_argument_and_what_to_set_instead() {
    for (kind, body, expected) in [
        (
            "aws_db_instance",
            "deletion_protection = true\nskip_final_snapshot = true",
            "aws_db_instance.x: `deletion_protection = true`, so the destroy is refused; set `deletion_protection = false`",
        ),
        (
            "aws_db_instance",
            "",
            "aws_db_instance.x: no `skip_final_snapshot`, so the destroy is refused; set `skip_final_snapshot = true`, or a \
             `final_snapshot_identifier`",
        ),
        (
            "aws_lb",
            "enable_deletion_protection = \"true\"",
            "aws_lb.x: `enable_deletion_protection = true`, so the destroy is refused; set `enable_deletion_protection = false`",
        ),
        (
            "aws_s3_bucket",
            "force_destroy = false",
            "aws_s3_bucket.x: `force_destroy = false`, so the destroy is refused while anything is in it; set \
             `force_destroy = true`",
        ),
        (
            "aws_instance",
            "disable_api_termination = true\nforce_destroy = false",
            "aws_instance.x: `disable_api_termination = true`, so the destroy is refused; set \
             `disable_api_termination = false`",
        ),
        (
            "aws_cognito_user_pool",
            "deletion_protection = \"ACTIVE\"",
            "aws_cognito_user_pool.x: `deletion_protection = \"ACTIVE\"`, so the destroy is refused; set \
             `deletion_protection = \"INACTIVE\"`",
        ),
        (
            "google_sql_database_instance",
            "",
            "google_sql_database_instance.x: no `deletion_protection`, so the destroy is refused; set \
             `deletion_protection = false`",
        ),
        (
            "google_sql_database_instance",
            "deletion_protection = false\nsettings {\n tier = \"x\"\n deletion_protection_enabled = true\n}",
            "google_sql_database_instance.x: `settings.deletion_protection_enabled = true`, so the destroy is refused; set \
             `deletion_protection_enabled = false`",
        ),
        (
            "google_sql_user",
            "deletion_policy = \"ABANDON\"",
            "google_sql_user.x: `deletion_policy = \"ABANDON\"`, so the destroy leaves it behind; set \
             `deletion_policy = \"DELETE\"`, or leave it out where that is no choice",
        ),
        (
            "azurerm_key_vault",
            "purge_protection_enabled = true",
            "azurerm_key_vault.x: `purge_protection_enabled = true`, so the destroy leaves it behind; set \
             `purge_protection_enabled = false`: until it is purged, nothing new can have its name",
        ),
        (
            "kubernetes_persistent_volume_v1",
            "metadata {\n name = \"a\"\n}\nspec {\n persistent_volume_reclaim_policy = \"Retain\"\n}",
            "kubernetes_persistent_volume_v1.x: `spec.persistent_volume_reclaim_policy = \"Retain\"`, so the destroy leaves \
             it behind; set `persistent_volume_reclaim_policy = \"Delete\"`",
        ),
    ] {
        assert_eq!(seen(&resource(kind, body)), [expected], "{body}");
    }
}

#[test]
fn what_is_unknown_harmless_or_not_there_is_not_warned_about() {
    for (kind, body) in [
        ("aws_db_instance", "skip_final_snapshot = true"),
        ("aws_db_instance", "skip_final_snapshot = var.skip"),
        (
            "aws_db_instance",
            "final_snapshot_identifier = \"last-${var.name}\"",
        ),
        (
            "aws_db_instance",
            "skip_final_snapshot = true\ndeletion_protection = var.protect",
        ),
        (
            "aws_db_instance",
            "skip_final_snapshot = true\ndeletion_protection = null",
        ),
        (
            "aws_db_instance",
            "skip_final_snapshot = true\ndeletion_protection = alltrue([])",
        ),
        ("aws_s3_bucket", "force_destroy = (true)"),
        ("aws_s3_bucket", "force_destroy = \"1\""),
        (
            "aws_instance",
            "disable_api_termination = true\nforce_destroy = true",
        ),
        ("aws_s3_bucket", "force_destroy = \"${var.force}\""),
        (
            "aws_cognito_user_pool",
            "deletion_protection = \"INACTIVE\"",
        ),
        (
            "google_storage_bucket",
            "force_destroy = true\ndynamic \"retention_policy\" {\n for_each = [1]\n content {\n is_locked = true\n}\n}",
        ),
        ("google_container_cluster", "deletion_protection = false"),
        ("kubernetes_storage_class_v1", ""),
        (
            "null_resource",
            "deletion_protection = true\nlifecycle {\n prevent_destroy = false\n}",
        ),
    ] {
        assert_eq!(
            seen(&resource(kind, body)),
            Vec::<String>::new(),
            "{kind}: {body}"
        );
    }
    let data = "data \"aws_db_instance\" \"x\" {\n deletion_protection = true\n}\n";
    assert_eq!(
        seen(data),
        Vec::<String>::new(),
        "what is only read is not destroyed"
    );
}

#[test]
fn json_says_the_same_as_the_native_syntax() {
    let bucket = |body: serde_json::Value| {
        let file = json!({"resource": {"google_storage_bucket": {"x": body}}}).to_string();
        let found = found("a", "main.tf.json", &file);
        let words: Vec<String> = found.iter().map(|one| one.found.clone()).collect();
        assert!(
            found
                .iter()
                .all(|one| one.address == "module.a.google_storage_bucket.x")
        );
        words
    };
    let none: [&str; 0] = [];
    assert_eq!(bucket(json!({})), ["no `force_destroy`"]);
    assert_eq!(
        bucket(json!({"force_destroy": null})),
        ["no `force_destroy`"]
    );
    assert_eq!(
        bucket(json!({"force_destroy": false})),
        ["`force_destroy = false`"]
    );
    assert_eq!(bucket(json!({"force_destroy": "true"})), none);
    assert_eq!(bucket(json!({"force_destroy": "${var.force}"})), none);
    assert_eq!(bucket(json!({"force_destroy": ["odd"]})), none);
    for policy in [
        json!({"is_locked": true}),
        json!([{}, {"is_locked": "true"}]),
    ] {
        let found = bucket(json!({"force_destroy": true, "retention_policy": policy}));
        assert_eq!(found, ["`retention_policy.is_locked = true`"]);
    }
}

/// A body that says what the rule is about, and one that says the opposite.
fn both(rule: &Rule) -> (String, String) {
    let (bad, good) = match rule.resists {
        Resists::True | Resists::NotFalse => ("true".to_owned(), "false"),
        Resists::NotTrue => ("false".to_owned(), "true"),
        Resists::Text(text) | Resists::TextOrAbsent(text) => (format!("\"{text}\""), "\"other\""),
    };
    let body = |value: &str| match rule.path.split_once('.') {
        Some((block, argument)) => format!("{block} {{\n{argument} = {value}\n}}"),
        None => format!("{} = {value}", rule.path),
    };
    (body(&bad), body(good))
}

#[test]
fn each_rule_holds_for_each_of_its_types_and_for_no_other_value() {
    let mut pairs = BTreeSet::new();
    for rule in RULES {
        let (bad, good) = both(rule);
        for kind in rule.types {
            let about = |body: &str| {
                let all = seen(&resource(kind, body));
                let name = format!("`{}", rule.path);
                let mine = all
                    .iter()
                    .filter(|line| line.contains(&format!("{kind}.x: {name}")));
                mine.filter(|line| line.contains(rule.instead)).count()
            };
            assert_eq!(about(&bad), 1, "{kind}: {bad}");
            assert_eq!(about(&good), 0, "{kind}: {good}");
            assert!(
                pairs.insert((*kind, rule.path, bad.clone())),
                "{kind} {} twice",
                rule.path
            );
        }
        assert!(!rule.instead.ends_with('.'), "{}", rule.instead);
    }
    let kinds: BTreeSet<&str> = pairs.iter().map(|(kind, ..)| *kind).collect();
    for provider in ["aws_", "google_", "azurerm_", "kubernetes_"] {
        assert!(
            kinds.iter().any(|kind| kind.starts_with(provider)),
            "nothing of {provider}"
        );
    }
}
