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

#[test]
fn a_module_that_is_switched_off_is_warned_of_only_where_it_keeps_the_environment() {
    let store = format!("resource \"aws_s3_bucket\" \"logs\" {{}}\n{PROTECTED}");
    let list = modules(&[
        ("", "."),
        ("off", "modules/store"),
        ("off.below", "modules/store"),
        ("offer", "modules/store"),
    ]);
    let call = |switch: &str| {
        format!(
            "module \"off\" {{\n source = \"./modules/store\"\n {switch}\n}}\n\
             module \"offer\" {{\n source = \"./modules/store\"\n}}\n"
        )
    };
    let addresses = |root: Root| -> Vec<String> {
        let taken = root
            .with("live/modules/store/main.tf", &store)
            .with("live/.terraform/modules/modules.json", &list)
            .take();
        assert_eq!(taken.prevent_destroy.len(), 3, "{taken:?}");
        let all = taken.obstacles.into_iter();
        all.map(|obstacle| obstacle.address).collect()
    };
    let kept = [
        "module.off.a.b",
        "module.off.module.below.a.b",
        "module.offer.a.b",
        "module.offer.aws_s3_bucket.logs",
    ];
    for switch in ["count = 0", "for_each = toset([])", "for_each = {}"] {
        let root = Root::new().with("live/main.tf", call(switch));
        assert_eq!(addresses(root), kept, "{switch}");
    }
    let json = serde_json::json!({"module": {"off": {"count": 0}, "offer": {}}});
    let root = Root::new().with("live/main.tf.json", json.to_string());
    assert_eq!(addresses(root), kept);
    let root = Root::new().with("live/main.tf", call("count = var.many"));
    assert_eq!(addresses(root).len(), 6);
}
