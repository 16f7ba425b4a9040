//! What a reference leads to, and what the state says where it leads nowhere.

use serde_json::json;

use super::*;

const BUCKET: &str = "resource \"aws_s3_bucket\" \"logs\" {\n force_destroy = var.force\n}\n";

const DECLARED: &str = "variable \"force\" {\n default = false\n sensitive = true\n}\n";

fn found(taken: &Taken) -> Vec<&str> {
    let all = taken.obstacles.iter();
    all.map(|obstacle| obstacle.found.as_str()).collect()
}

/// Each of these goes before all that stand above it.
#[test]
fn a_variable_is_what_terraform_takes_for_its_value_and_only_the_place_is_named() {
    let mut root = Root::new()
        .with("live/main.tf", BUCKET)
        .with("live/variables.tf", DECLARED);
    assert_eq!(
        found(&root.take()),
        ["`force_destroy` by the default of `var.force`"]
    );
    let on = [("TF_VAR_force", "true")];
    let off = [("TF_VAR_force", "false")];
    assert_eq!(root.take_with(&on).obstacles, []);
    assert_eq!(
        found(&root.take_with(&off)),
        ["`force_destroy` by `TF_VAR_force`"]
    );
    for file in [
        "terraform.tfvars",
        "terraform.tfvars.json",
        "a.auto.tfvars",
        "b.auto.tfvars.json",
        "c.auto.tfvars",
    ] {
        let content = |value: &str| {
            if file.ends_with(".json") {
                json!({"force": value}).to_string()
            } else {
                format!("other = \"hunter2\"\nforce = {value}\n")
            }
        };
        root = root.with(&format!("live/{file}"), content("true"));
        assert_eq!(root.take_with(&off).obstacles, [], "{file}");
        root = root.with(&format!("live/{file}"), content("false"));
        let expected = format!("`force_destroy` by `force` in `{file}`");
        assert_eq!(found(&root.take_with(&on)), [expected.as_str()], "{file}");
    }
    // Files that Terraform does not take of itself.
    let root = root
        .with("live/prod.tfvars", "force = true")
        .with("live/modules/d.auto.tfvars", "force = true");
    assert_eq!(
        found(&root.take()),
        ["`force_destroy` by `force` in `c.auto.tfvars`"]
    );
}

#[test]
fn a_variable_that_may_be_given_another_value_is_unknown() {
    let root = || {
        Root::new()
            .with("live/main.tf", BUCKET)
            .with("live/variables.tf", DECLARED)
    };
    let by_command = |line: &str| {
        let arguments: Vec<&str> = line.split(' ').collect();
        let root = root();
        let command = crate::variables::set_by(&arguments);
        root.take_as(&[], &command).obstacles.len()
    };
    assert_eq!(by_command("terraform plan -var force=true"), 0);
    assert_eq!(by_command("terraform plan -var-file=prod.tfvars"), 0);
    assert_eq!(by_command("terraform plan -var other=true"), 1);
    let arguments = [("TF_CLI_ARGS_plan", "-var force=true")];
    assert_eq!(root().take_with(&arguments).obstacles, []);
    for (file, content) in [
        ("live/terraform.tfvars", "force = \"hunter2"),
        ("live/x.auto.tfvars.json", "[[["),
        ("live/x.auto.tfvars", "force = other.thing"),
    ] {
        assert_eq!(root().with(file, content).take().obstacles, [], "{file}");
    }
    for declared in [
        "variable \"force\" {}",
        "variable \"force\" {\n type = bool\n}",
        "variable \"other\" {\n default = false\n}",
    ] {
        let root = root().with("live/variables.tf", declared);
        assert_eq!(root.take().obstacles, [], "{declared}");
    }
}

#[test]
fn locals_choices_comparisons_and_null_are_followed_and_circles_end() {
    let with = |force: &str, locals: &str| {
        let text = format!(
            "resource \"aws_s3_bucket\" \"logs\" {{\n force_destroy = {force}\n}}\n{DECLARED}\
             variable \"nothing\" {{\n default = null\n}}\n\
             variable \"env\" {{\n default = \"dev\"\n}}\n\
             variable \"on\" {{\n default = \"1\"\n}}\nlocals {{\n{locals}\n}}\n"
        );
        let taken = Root::new().with("live/main.tf", text).take();
        found(&taken).join(", ")
    };
    for (force, locals, expected) in [
        ("local.a", "a = false", "`force_destroy` by `local.a`"),
        ("local.a", "a = true", ""),
        ("local.a", "b = false", ""),
        (
            "local.a",
            "a = var.force",
            "`force_destroy` by the default of `var.force`",
        ),
        (
            "\"${local.a}\"",
            "a = \"false\"",
            "`force_destroy` by `local.a`",
        ),
        ("(local.a)", "a = (false)", "`force_destroy` by `local.a`"),
        ("var.on", "", ""),
        (
            "var.nothing",
            "",
            "`force_destroy` by the default of `var.nothing`",
        ),
        (
            "var.on ? local.a : true",
            "a = false",
            "`force_destroy` by `local.a`",
        ),
        (
            "var.force ? true : false",
            "",
            "`force_destroy` by the default of `var.force`",
        ),
        ("var.other ? false : false", "", ""),
        ("local.a", "a = local.b\nb = local.a", ""),
        ("local.a", "a = local.a ? local.a : local.a", ""),
        (
            "local.a",
            "a = local.a && local.a && local.a && local.a",
            "",
        ),
        ("local.a.b", "a = { b = false }", ""),
        ("!var.on", "", "`force_destroy` by the default of `var.on`"),
        ("!var.force", "", ""),
        ("!false", "", ""),
        ("!true", "", "`force_destroy = false`"),
        (
            "var.env == \"prod\"",
            "",
            "`force_destroy` by the default of `var.env`",
        ),
        ("var.env != \"prod\"", "", ""),
        (
            "var.nothing != null",
            "",
            "`force_destroy` by the default of `var.nothing`",
        ),
        (
            "var.env == null",
            "",
            "`force_destroy` by the default of `var.env`",
        ),
        ("var.env == true", "", ""),
        ("var.env == local.a", "", ""),
        ("local.a > 1", "a = 1", ""),
        (
            "var.on && var.force",
            "",
            "`force_destroy` by the default of `var.on`",
        ),
        (
            "each.value && var.force",
            "",
            "`force_destroy` by the default of `var.force`",
        ),
        ("each.value || var.force", "", ""),
        ("each.value && var.on", "", ""),
        ("var.force || var.on", "", ""),
        ("each.value", "", ""),
    ] {
        assert_eq!(with(force, locals), expected, "{force} with {locals}");
    }
}

#[test]
fn a_module_is_asked_by_what_its_call_says() {
    let list = modules(&[
        ("", "."),
        ("said", "modules/store"),
        ("passed", "modules/store"),
        ("silent", "modules/store"),
        ("harmless", "modules/store"),
        ("computed", "modules/store"),
        ("deep", "modules/deep"),
        ("deep.store", "modules/store"),
        ("gone", "modules/store"),
    ]);
    let call = |name: &str, force: &str| {
        format!("module \"{name}\" {{\n source = \"./modules/store\"\n {force}\n}}\n")
    };
    let calls = [
        call("said", "force = false"),
        call("passed", "force = var.force"),
        call("silent", ""),
        call("harmless", "force = true"),
        call("computed", "force = data.x.y.z"),
        call("deep", ""),
        call("gone", "count = var.force ? 1 : 0"),
    ];
    let taken = Root::new()
        .with("live/main.tf", calls.concat())
        .with("live/variables.tf", DECLARED)
        .with("live/modules/store/main.tf", BUCKET)
        .with("live/modules/store/variables.tf", DECLARED)
        .with(
            "live/modules/deep/main.tf",
            call("store", "force = local.force") + "locals {\n force = false\n}\n",
        )
        .with("live/.terraform/modules/modules.json", list)
        .take_with(&[("TF_VAR_force", "false")]);
    let lines = taken.obstacles.iter();
    let lines: Vec<_> = lines
        .map(|one| format!("{} {}", one.address, one.found))
        .collect();
    assert_eq!(
        lines,
        [
            "module.deep.module.store.aws_s3_bucket.logs `force_destroy` by `local.force`",
            "module.passed.aws_s3_bucket.logs `force_destroy` by `TF_VAR_force`",
            "module.said.aws_s3_bucket.logs `force_destroy` by `force` of `module.said`",
            "module.silent.aws_s3_bucket.logs `force_destroy` by the default of `var.force`",
        ]
    );
}

#[test]
fn what_overrides_a_file_goes_before_it() {
    let bucket = |body: &str| format!("resource \"aws_s3_bucket\" \"logs\" {{\n{body}\n}}\n");
    let root = Root::new()
        .with("live/main.tf", bucket("force_destroy = false"))
        .with("live/a_override.tf", bucket("bucket = \"other\""));
    assert_eq!(
        found(&root.take()),
        ["`force_destroy = false`"],
        "said once"
    );
    let root = root.with("live/z_override.tf", bucket("force_destroy = true"));
    assert_eq!(root.take().obstacles, []);
    let json = json!({"resource": {"aws_s3_bucket": {"logs": {"force_destroy": false}}}});
    let root = root.with("live/zz_override.tf.json", json.to_string());
    assert_eq!(root.take().obstacles.len(), 1);
}

#[test]
fn a_state_is_asked_where_the_configuration_leaves_a_question() {
    let state = json!({"version": 4, "resources": [{
        "mode": "managed", "type": "aws_s3_bucket", "name": "logs",
        "instances": [{"attributes": {"force_destroy": false, "object_lock_enabled": true}}],
    }]});
    let look = |body: &str| -> Vec<String> {
        let root = Root::new()
            .with("live/main.tf", format!("{body}\n{DECLARED}"))
            .with("live/terraform.tfstate", state.to_string());
        let file = root.0.path().join("live/terraform.tfstate");
        let all = root.take().obstacles_with(Some(&file)).into_iter();
        all.map(|one| one.found).collect()
    };
    let bucket = |body: &str| format!("resource \"aws_s3_bucket\" \"logs\" {{\n{body}\n}}\n");
    let (force, lock) = (
        "`force_destroy` as it is in the state",
        "`object_lock_enabled` as it is in the state",
    );
    assert_eq!(look(""), [force, lock], "what is to be destroyed now");
    assert_eq!(
        look(&bucket("")),
        [
            "`object_lock_enabled` as it is in the state",
            "no `force_destroy`"
        ]
    );
    assert_eq!(
        look(&bucket("force_destroy = false")),
        ["`force_destroy = false`", lock]
    );
    assert_eq!(look(&bucket("force_destroy = true")), [lock]);
    assert_eq!(look(&bucket("force_destroy = var.other")), [force, lock]);
    assert_eq!(
        look(&bucket("force_destroy = true\nobject_lock_enabled = false")),
        [""; 0]
    );
    for ignored in ["all", "[force_destroy]", "[tags[\"x\"], \"force_destroy\"]"] {
        let body = format!("force_destroy = true\nlifecycle {{\n ignore_changes = {ignored}\n}}");
        assert_eq!(look(&bucket(&body)), [force, lock], "{ignored}");
    }
    let tags = "force_destroy = true\nlifecycle {\n ignore_changes = [tags]\n}";
    assert_eq!(look(&bucket(tags)), [lock]);
    let switched_off = bucket("count = 0\nforce_destroy = true");
    assert_eq!(
        look(&switched_off),
        [force, lock],
        "destroyed with what the state has"
    );
    for gone in [
        "moved {\n from = aws_s3_bucket.logs\n to = aws_s3_bucket.new\n}",
        "removed {\n from = aws_s3_bucket.logs\n lifecycle {\n destroy = false\n }\n}",
    ] {
        assert_eq!(look(gone), [""; 0], "{gone}");
    }
}

#[test]
fn null_is_the_default_only_for_a_variable_that_cannot_be_null() {
    let list = modules(&[("", "."), ("store", "modules/store")]);
    let look = |force: &str, declared: &str| {
        let call = format!("module \"store\" {{\n source = \"./modules/store\"\n {force}\n}}\n");
        let variable = format!("variable \"force\" {{\n {declared}\n}}\n");
        let root = Root::new()
            .with("live/main.tf", call)
            .with("live/modules/store/main.tf", BUCKET.to_owned() + &variable)
            .with("live/.terraform/modules/modules.json", &list);
        found(&root.take()).join(", ")
    };
    let is_null = "`force_destroy` by `force` of `module.store`";
    assert_eq!(look("force = null", "default = true"), is_null);
    assert_eq!(
        look("force = null", "default = true\n nullable = true"),
        is_null
    );
    assert_eq!(
        look("force = null", "default = true\n nullable = false"),
        ""
    );
    let is_default = "`force_destroy` by the default of `var.force`";
    assert_eq!(
        look("force = null", "default = false\n nullable = false"),
        is_default
    );
    assert_eq!(look("", "default = false"), is_default);
    assert_eq!(
        look("", "type = bool"),
        "",
        "it has to be given, and is not"
    );
}
