//! Tags: required ones, valid ones on the clouds that count, and their use in another provider's configuration.

use acceptance::World;
use acceptance::workspace::TerraformWorkspace;

use super::{REQUIRED, actions, change, errors};

fn configuration(provider: &str, arguments: &str) -> String {
    let required = REQUIRED.replace(
        "default_owner = \"ana\"",
        &format!("default_owner = \"ana\"\n  {provider}"),
    );
    format!(
        "{required}\nresource \"ephemeral_environment\" \"this\" {{\n  name = \"pr-1\"\n  {arguments}\n}}\nresource \"terraform_data\" \"page\" {{}}\n"
    )
}

/// Plans, and answers what was wrong and where; nothing is created either way.
fn refused(workspace: &TerraformWorkspace<'_>, provider: &str, arguments: &str) -> Vec<String> {
    workspace.write("main.tf", &configuration(provider, arguments));
    let run = workspace.terraform(&["apply", "-auto-approve", "-json"]);
    let told = errors(&run);
    assert!(!told.is_empty(), "{run}");
    let _ = run.expect_failure();
    assert_eq!(workspace.addresses(), Vec::<String>::new());
    told
}

#[test]
fn required_tags_that_are_missing_are_named_and_nothing_is_created() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let required = r#"required_tags = ["cost-centre", "team", "stage"]"#;
    let told = refused(&workspace, required, "tags = { stage = \"preview\" }");
    assert_eq!(
        told,
        ["Missing Required Tags at tags = { stage = \"preview\" }"]
    );
    workspace
        .plan()
        .expect_failure_containing("tags, and they are not set, or empty: cost-centre, team.");
    let told = refused(&workspace, required, "team = \"checkout\"");
    assert_eq!(told.len(), 1);
    let right = "team = \"checkout\"\n  tags = { stage = \"preview\", cost-centre = \"4711\" }";
    workspace.write("main.tf", &configuration(required, right));
    workspace.apply().expect_success();
}

#[test]
fn a_tag_must_be_valid_on_every_cloud_that_counts_and_only_there() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    // A tag that breaks a rule of one cloud alone, and what that cloud calls it.
    let long_key = "k".repeat(129);
    let long_value = "v".repeat(257);
    for (cloud, key, value, noun) in [
        ("aws", "aws:stage", "x", "an AWS tag"),
        ("aws", long_key.as_str(), "x", "an AWS tag"),
        ("azure", "cost/centre", "x", "an Azure tag"),
        ("azure", "stage", long_value.as_str(), "an Azure tag"),
        ("gcp", "stage", "Preview", "a Google Cloud label"),
        ("gcp", "1-stage", "x", "a Google Cloud label"),
        ("kubernetes", "stage", "-preview-", "a Kubernetes label"),
        ("kubernetes", "stage", "pre view", "a Kubernetes label"),
    ] {
        let tags = format!("tags = {{\n    \"{key}\" = \"{value}\"\n  }}");
        let rules = format!("tag_rules = [\"{cloud}\"]");
        let told = refused(&workspace, &rules, &tags);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("Invalid Tag at "), "{told:?}");
        workspace.plan().expect_failure_containing(noun);
        let told = refused(&workspace, "", &tags);
        assert_eq!(
            told.len(),
            1,
            "every cloud counts unless the rules are narrowed: {told:?}"
        );
    }
    // What only Google Cloud and Kubernetes refuse is right where only the others count.
    let tags = "tags = { \"Cost Centre\" = \"Checkout & Co\" }";
    let _ = refused(&workspace, "", tags);
    let _ = refused(&workspace, "tag_rules = [\"aws\", \"azure\"]", tags);
    workspace.write("main.tf", &configuration("tag_rules = [\"azure\"]", tags));
    workspace.apply().expect_success();
    workspace.expect_no_changes();
}

#[test]
fn default_tags_are_known_where_another_configuration_needs_them_in_the_first_plan() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    let others = r#"
resource "terraform_data" "tagged" {
  for_each = ephemeral_environment.this.default_tags
  input    = each.value
}
resource "terraform_data" "counted" {
  count = length(ephemeral_environment.this.default_tags)
}
"#;
    workspace.write(
        "main.tf",
        &configuration("", "tags = { stage = \"preview\" }"),
    );
    workspace.write("others.tf", others);
    let plan = workspace.plan_json(&[]);
    let tagged = "terraform_data.tagged[\"stage\"]";
    assert_eq!(actions(&plan, tagged), ["create"]);
    assert_eq!(change(&plan, tagged)["after"]["input"], "preview");
    assert_eq!(actions(&plan, "terraform_data.counted[3]"), ["create"]);
    workspace.apply().expect_success();
    workspace.expect_no_changes();
}

#[test]
fn a_changed_tag_changes_in_place_and_both_maps_are_known_in_that_plan() {
    let world = World::new();
    let workspace = world.workspace("pr-1");
    workspace.write("main.tf", &configuration("", "tags = { stage = \"one\" }"));
    workspace.apply().expect_success();
    workspace.write("main.tf", &configuration("", "tags = { stage = \"two\" }"));
    let plan = workspace.plan_json(&[]);
    assert_eq!(actions(&plan, super::THIS), ["update"]);
    let after = &change(&plan, super::THIS)["after"];
    assert_eq!(after["default_tags"]["stage"], "two");
    assert_eq!(after["tags_all"]["stage"], "two");
    workspace.apply().expect_success();
    workspace.write(
        "main.tf",
        &configuration("tag_prefix = \"acme-\"", "tags = { stage = \"two\" }"),
    );
    workspace
        .apply()
        .expect_success()
        .expect_saying("1 changed");
    workspace.expect_no_changes();
}
