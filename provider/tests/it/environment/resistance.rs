//! The warning, while planning, of what will resist the destroy.

use serde_json::json;

use super::ENVIRONMENT;
use crate::common::Bench;
use crate::driver::{Stored, assert_no_errors};

const TITLE: &str = "Destroy Will Be Resisted";

const CONFIGURATION: &str = r#"
resource "aws_db_instance" "shop" {
  password = "hunter2"
  lifecycle {
    prevent_destroy = true
  }
}
resource "aws_s3_bucket" "uploads" {
  bucket = "hunter2"
  lifecycle {
    prevent_destroy = var.keep
  }
}
"#;

#[tokio::test]
async fn one_warning_lists_all_that_resists_at_creation_and_until_it_is_changed() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    std::fs::write(bench.root().join("shop.tf"), CONFIGURATION).expect("written");

    let planned = provider
        .plan(ENVIRONMENT, &Stored::nothing(), json!({"name": "pr-128"}))
        .await;
    let [warning] = &planned.told[..] else {
        panic!("one warning: {:?}", planned.told);
    };
    assert!(
        !warning.is_error && warning.summary == TITLE && warning.at.is_empty(),
        "{warning:?}"
    );
    let lines: Vec<&str> = warning
        .detail
        .lines()
        .filter(|line| line.starts_with("  - "))
        .collect();
    assert_eq!(
        lines,
        [
            "  - aws_db_instance.shop: the sweeper keeps the environment by its rule `protection`",
            "  - aws_s3_bucket.uploads: the sweeper keeps the environment by its rule `protection`",
        ]
    );
    assert!(!warning.detail.contains("hunter2"), "{}", warning.detail);

    let made = provider.apply(ENVIRONMENT, planned).await;
    assert_no_errors(&made.told);
    let again = provider
        .plan(ENVIRONMENT, &made, json!({"name": "pr-128"}))
        .await;
    assert_eq!(again.state, made.state, "a warning is no change");
    assert_eq!(again.told.len(), 1, "{:?}", again.told);

    let better = CONFIGURATION
        .replace("prevent_destroy = true", "prevent_destroy = false")
        .replace("    prevent_destroy = var.keep\n", "");
    std::fs::write(bench.root().join("shop.tf"), better).expect("written");
    let changed = provider
        .plan(ENVIRONMENT, &made, json!({"name": "pr-128"}))
        .await;
    assert_eq!(changed.told, [], "what was changed is not warned about");
    let gone = provider.plan(ENVIRONMENT, &made, json!(null)).await;
    assert_eq!(gone.told, [], "releasing it destroys nothing");
}
