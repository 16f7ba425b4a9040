//! What is gathered of all modules for the warning in the plan.

use super::*;

#[test]
fn what_will_resist_is_gathered_from_all_modules_once_and_in_order() {
    let bucket = "resource \"aws_s3_bucket\" \"logs\" {}\n";
    let root = Root::new()
        .with("live/b.tf", PROTECTED)
        .with("live/a.tf", bucket)
        .with("live/modules/store/main.tf", bucket)
        .with(
            "live/.terraform/modules/modules.json",
            modules(&[
                ("", "."),
                ("one", "modules/store"),
                ("two", "modules/store"),
            ]),
        );
    let taken = root.take();
    let found: Vec<&str> = taken
        .obstacles
        .iter()
        .map(|one| one.address.as_str())
        .collect();
    assert_eq!(
        found,
        [
            "a.b",
            "aws_s3_bucket.logs",
            "module.one.aws_s3_bucket.logs",
            "module.two.aws_s3_bucket.logs"
        ]
    );
}

#[test]
fn a_provisioner_at_destroy_resists_only_where_no_capsule_could_be_kept() {
    let provisioned =
        "resource \"a\" \"b\" {\n provisioner \"local-exec\" {\n when = destroy\n }\n}\n";
    let kept = Root::new().with("live/main.tf", provisioned);
    assert_eq!(kept.take().obstacles, []);
    let too_much = format!("# {}\n", "x".repeat(MOST_BYTES));
    let lost = kept.with("live/long.tf", too_much).take();
    assert_eq!(lost.packed, None);
    assert_eq!(lost.obstacles, [Obstacle::provisioner("a.b")]);
}

/// The sweeper counts what another file may switch on, so the warning names it too.
#[test]
fn a_protection_is_named_with_what_it_leads_to_also_where_it_is_not_literally_on() {
    let kept =
        "so the sweeper keeps the environment by its rule `protection`; remove it from `lifecycle`";
    for (body, found) in [
        (
            "lifecycle {\n prevent_destroy = true\n}",
            "`prevent_destroy = true`",
        ),
        (
            "lifecycle {\n prevent_destroy = var.keep\n}",
            "`prevent_destroy` is not plainly `false`",
        ),
        (
            "count = 0\nlifecycle {\n prevent_destroy = true\n}",
            "`prevent_destroy = true`",
        ),
    ] {
        let text = format!("resource \"null_resource\" \"x\" {{\n{body}\n}}\n");
        let all = Root::new().with("live/main.tf", text).take().obstacles;
        let all: Vec<String> = all.iter().map(ToString::to_string).collect();
        assert_eq!(all, [format!("null_resource.x: {found}, {kept}")]);
    }
    let json = r#"{"resource": {"a": {"b": {"lifecycle": [{"prevent_destroy": true}]}}}}"#;
    let all = Root::new().with("live/main.tf.json", json).take().obstacles;
    assert_eq!(all, [Obstacle::prevented("a.b", true)]);
}
