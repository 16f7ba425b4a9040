//! The warning, while planning, of what will resist the destroy.

use serde_json::json;

use super::ENVIRONMENT;
use crate::common::Bench;
use crate::driver::{Stored, assert_no_errors};

const TITLE: &str = "Destroy Will Be Resisted";

const CONFIGURATION: &str = r#"
resource "aws_db_instance" "shop" {
  deletion_protection = true
  skip_final_snapshot = var.skip
  password            = "hunter2"
}
resource "aws_s3_bucket" "uploads" {
  bucket = "hunter2"
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
            "  - aws_db_instance.shop: `deletion_protection = true`, so the destroy is refused; set `deletion_protection = \
             false`",
            "  - aws_s3_bucket.uploads: no `force_destroy`, so the destroy is refused while anything is in it; set \
             `force_destroy = true`",
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
        .replace("deletion_protection = true", "deletion_protection = false")
        .replace("bucket = ", "force_destroy = true\n bucket = ");
    std::fs::write(bench.root().join("shop.tf"), better).expect("written");
    let changed = provider
        .plan(ENVIRONMENT, &made, json!({"name": "pr-128"}))
        .await;
    assert_eq!(changed.told, [], "what was changed is not warned about");
    let gone = provider.plan(ENVIRONMENT, &made, json!(null)).await;
    assert_eq!(gone.told, [], "releasing it destroys nothing");
}

/// A state in which the database of [`CONFIGURATION`] resists in every way, as Terraform writes one.
fn state() -> String {
    let object = |kind: &str, name: &str, attributes: serde_json::Value| {
        json!({
            "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "instances": [{"schema_version": 2, "attributes": attributes, "sensitive_attributes": []}],
        })
    };
    let database = json!({
        "deletion_protection": true, "skip_final_snapshot": false, "final_snapshot_identifier": null,
        "password": "hunter2",
    });
    let bucket = json!({"bucket": "hunter2", "force_destroy": false});
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "a-b", "outputs": {},
        "resources": [object("aws_db_instance", "shop", database), object("aws_s3_bucket", "uploads", bucket)],
    })
    .to_string()
}

/// The lines of the warning, of which there is at most one.
async fn lines(
    bench: &Bench,
    variables: &[(&str, &str)],
    config: serde_json::Value,
) -> Vec<String> {
    let provider = bench.provider_with(variables, json!({})).await;
    let planned = provider.plan(ENVIRONMENT, &Stored::nothing(), config).await;
    assert!(planned.told.len() < 2, "{:?}", planned.told);
    let detail = planned.told.iter().flat_map(|told| {
        assert_eq!(told.summary, TITLE);
        assert!(!told.detail.contains("hunter2"), "{}", told.detail);
        told.detail.lines()
    });
    let lines = detail.filter_map(|line| line.strip_prefix("  - "));
    lines.map(str::to_owned).collect()
}

const SNAPSHOT: &str = "aws_db_instance.shop: `skip_final_snapshot` as it is in the state, so the destroy is refused; set \
     `skip_final_snapshot = true`, or a `final_snapshot_identifier`";

#[tokio::test]
async fn what_the_state_holds_is_said_where_the_configuration_leaves_it_open_and_nothing_twice() {
    let bench = Bench::new();
    let root = bench.root();
    std::fs::write(root.join("shop.tf"), CONFIGURATION).expect("written");
    let config = json!({"name": "pr-128"});
    let before = lines(&bench, &[], config.clone()).await;
    assert_eq!(before.len(), 2, "{before:?}");

    // Where a state is follows from the backend, its settings and the workspace.
    let data = root.join(".terraform");
    std::fs::create_dir_all(&data).expect("made");
    let backend = json!({"version": 3, "backend": {"type": "local", "config": {
        "path": "own.tfstate", "workspace_dir": "spaces",
    }}});
    let elsewhere =
        json!({"version": 3, "backend": {"type": "s3", "config": {"bucket": "states"}}});
    let workspace = root.join("terraform.tfstate.d/blue");
    std::fs::create_dir_all(&workspace).expect("made");
    std::fs::create_dir_all(root.join("spaces/blue")).expect("made");
    let blue = [("TF_WORKSPACE", "blue")];
    for (file, backend, variables) in [
        ("terraform.tfstate", None, &[][..]),
        ("terraform.tfstate.d/blue/terraform.tfstate", None, &blue),
        ("own.tfstate", Some(&backend), &[]),
        ("spaces/blue/terraform.tfstate", Some(&backend), &blue),
    ] {
        let linked = data.join("terraform.tfstate");
        match backend {
            Some(backend) => std::fs::write(&linked, backend.to_string()).expect("written"),
            None => drop(std::fs::remove_file(&linked)),
        }
        std::fs::write(root.join(file), state()).expect("written");
        let all = lines(&bench, variables, config.clone()).await;
        let more = all.iter().filter(|line| !before.contains(line));
        let more: Vec<&str> = more.map(String::as_str).collect();
        assert_eq!((all.len(), more), (3, vec![SNAPSHOT]), "{file}");
        std::fs::write(&linked, elsewhere.to_string()).expect("written");
        let other = lines(&bench, variables, config.clone()).await;
        assert_eq!(other, before, "{file}: the state is in another backend");
        std::fs::remove_file(root.join(file)).expect("removed");
    }
    std::fs::remove_file(data.join("terraform.tfstate")).expect("removed");

    // A state that the configuration names.
    std::fs::write(root.join("named.tfstate"), state()).expect("written");
    let named = json!({"name": "pr-128", "state": {"backend": "local", "config": {"path": "named.tfstate"}}});
    assert_eq!(lines(&bench, &[], named).await.len(), 3);

    // What cannot be read is no reason to say anything, and less to fail.
    for odd in [
        "",
        "{",
        "hunter2",
        "{\"version\": 4, \"resources\": \"hunter2\"}",
    ] {
        std::fs::write(root.join("terraform.tfstate"), odd).expect("written");
        assert_eq!(lines(&bench, &[], config.clone()).await, before, "{odd}");
    }
}

#[tokio::test]
async fn a_variable_counts_with_the_value_it_has_and_before_what_the_state_holds() {
    let bench = Bench::new();
    let root = bench.root();
    let declared = "variable \"skip\" {\n default = false\n sensitive = true\n}\n";
    std::fs::write(root.join("shop.tf"), format!("{CONFIGURATION}{declared}")).expect("written");
    std::fs::write(root.join("terraform.tfstate"), state()).expect("written");
    let config = json!({"name": "pr-128"});
    let mine = |lines: Vec<String>| -> Vec<String> {
        let mine = lines
            .into_iter()
            .filter(|line| line.contains("skip_final_snapshot` "));
        mine.collect()
    };
    let resisting = |by: &str| [SNAPSHOT.replace("as it is in the state", &format!("by {by}"))];
    let found = mine(lines(&bench, &[], config.clone()).await);
    assert_eq!(found, resisting("the default of `var.skip`"));
    let off = [("TF_VAR_skip", "false")];
    let found = mine(lines(&bench, &off, config.clone()).await);
    assert_eq!(found, resisting("`TF_VAR_skip`"));
    let on = [("TF_VAR_skip", "true")];
    assert_eq!(
        mine(lines(&bench, &on, config.clone()).await),
        [""; 0],
        "this apply changes it"
    );
    std::fs::write(
        root.join("x.auto.tfvars"),
        "skip = false\npassword = \"hunter2\"\n",
    )
    .expect("written");
    let found = mine(lines(&bench, &on, config.clone()).await);
    assert_eq!(found, resisting("`skip` in `x.auto.tfvars`"));
    let hidden = [("TF_CLI_ARGS_plan", "-var skip=true")];
    assert_eq!(
        mine(lines(&bench, &hidden, config).await),
        [SNAPSHOT],
        "only the state can tell"
    );
}
