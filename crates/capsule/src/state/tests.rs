//! States as Terraform writes them, and as nobody should have left them.

use serde_json::{Value as Json, json};

use super::*;

fn object(kind: &str, module: &str, instances: Json) -> Json {
    let mut object = json!({
        "mode": "managed", "type": kind, "name": "x",
        "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": instances,
    });
    if !module.is_empty() {
        object["module"] = json!(module);
    }
    object
}

fn state(resources: &[Json]) -> String {
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "a-b",
        "outputs": {}, "resources": resources, "check_results": null,
    })
    .to_string()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test prepares the file that is read"
)]
fn held_in(content: &[u8], survey: &Survey) -> Vec<String> {
    let home = tempfile::tempdir().expect("a directory of the test's own");
    let file = home.path().join("terraform.tfstate");
    std::fs::write(&file, content).expect("written");
    held(&file, survey)
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn lines(resources: &[Json], survey: &Survey) -> Vec<String> {
    held_in(state(resources).as_bytes(), survey)
}

const NONE: [&str; 0] = [];

fn protected(more: Json) -> Json {
    let mut one = json!({
        "schema_version": 2,
        "attributes": {
            "deletion_protection": true, "skip_final_snapshot": true, "final_snapshot_identifier": null,
            "password": "hunter2", "tags": {"deletion_protection": "false"},
        },
        "sensitive_attributes": [],
    });
    for (key, value) in more.as_object().expect("an object") {
        one[key] = value.clone();
    }
    one
}

const LINE: &str = "`deletion_protection` as it is in the state, so the destroy is refused; set `deletion_protection = false`";

#[test]
fn what_resists_is_named_with_its_address_and_its_argument_and_no_value() {
    let database = object("aws_db_instance", "", json!([protected(json!({}))]));
    let found = lines(&[database], &Survey::default());
    assert_eq!(found, [format!("aws_db_instance.x: {LINE}")]);

    let attributes = json!({
        "force_destroy": false, "retention_policy": [{"is_locked": true, "retention_period": 7}],
    });
    let bucket = object(
        "google_storage_bucket",
        "module.a[\"x.y\"].module.b",
        json!([{"index_key": "c\"d", "attributes": attributes}]),
    );
    let at = r#"module.a["x.y"].module.b.google_storage_bucket.x["c\"d"]"#;
    assert_eq!(
        lines(&[bucket], &Survey::default()),
        [
            format!(
                "{at}: `force_destroy` as it is in the state, so the destroy is refused while anything is in it; set \
                 `force_destroy = true`"
            ),
            format!(
                "{at}: `retention_policy.is_locked` as it is in the state, so the destroy is refused while anything is in \
                 it; leave the lock out: it can never be taken back"
            ),
        ]
    );
}

#[test]
fn instances_that_resist_alike_are_counted_and_a_single_one_is_named() {
    let harmless = json!({"index_key": "c", "attributes": {"deletion_protection": false}});
    let keyed = |key: &str| protected(json!({"index_key": key}));
    let one = object("aws_db_instance", "", json!([keyed("a"), harmless]));
    let two = object(
        "aws_db_instance",
        "module.m[0]",
        json!([keyed("a"), keyed("b"), harmless]),
    );
    assert_eq!(
        lines(&[one, two], &Survey::default()),
        [
            format!("aws_db_instance.x[\"a\"]: {LINE}"),
            format!("module.m[0].aws_db_instance.x (2 instances): {LINE}"),
        ]
    );
}

#[test]
fn what_the_configuration_settles_moves_or_removes_is_not_said_again() {
    let here = || object("aws_db_instance", "", json!([protected(json!({}))]));
    let below = || {
        object(
            "aws_db_instance",
            "module.m[\"k\"]",
            json!([protected(json!({"index_key": 0}))]),
        )
    };
    let settled = |address: &str| Survey {
        settled: [(address.to_owned(), "deletion_protection")].into(),
        ..Survey::default()
    };
    let departed = |from: &str| Survey {
        departed: vec![from.to_owned()],
        ..Survey::default()
    };
    for survey in [settled("aws_db_instance.x"), departed("aws_db_instance.x")] {
        assert_eq!(lines(&[here()], &survey), NONE);
        assert_eq!(lines(&[below()], &survey).len(), 1);
    }
    for survey in [
        settled("module.m.aws_db_instance.x"),
        departed("module.m"),
        departed("module.m[\"k\"]"),
        departed("module.m.aws_db_instance.x"),
        departed("module.m.aws_db_instance.x[0]"),
    ] {
        assert_eq!(lines(&[below()], &survey), NONE, "{survey:?}");
        assert_eq!(lines(&[here()], &survey).len(), 1);
    }
    for other in ["aws_db_instance.xy", "aws_db_instance.x2", "module.m.x"] {
        assert_eq!(lines(&[here()], &settled(other)).len(), 1);
        assert_eq!(lines(&[here()], &departed(other)).len(), 1);
    }
    // What was replaced and is still there is destroyed as it is.
    let deposed = object(
        "aws_db_instance",
        "",
        json!([protected(json!({"deposed": "0a1b2c3d"}))]),
    );
    assert_eq!(
        lines(&[deposed], &settled("aws_db_instance.x")),
        [format!("aws_db_instance.x (deposed): {LINE}")]
    );
}

#[test]
fn what_is_only_read_harmless_or_not_known_to_the_provider_is_not_said() {
    let data = {
        let mut data = object("aws_db_instance", "", json!([protected(json!({}))]));
        data["mode"] = json!("data");
        data
    };
    let with = |kind: &str, attributes: Json| object(kind, "", json!([{"attributes": attributes}]));
    for resource in [
        data,
        with(
            "aws_db_instance",
            json!({"deletion_protection": false, "skip_final_snapshot": true}),
        ),
        with(
            "aws_db_instance",
            json!({"skip_final_snapshot": false, "final_snapshot_identifier": "last"}),
        ),
        with("aws_s3_bucket", json!({"bucket": "an old provider"})),
        with("terraform_data", json!({"deletion_protection": true})),
        with("aws_s3_bucket", json!(null)),
        with("aws_s3_bucket", json!({"force_destroy": {"odd": 1}})),
    ] {
        assert_eq!(
            lines(std::slice::from_ref(&resource), &Survey::default()),
            NONE,
            "{resource}"
        );
    }
    let unspared = json!({"disable_api_termination": true, "id": "i-0, of an old provider"});
    assert_eq!(
        lines(&[with("aws_instance", unspared)], &Survey::default()).len(),
        1
    );
    let spared = json!({"disable_api_termination": true, "force_destroy": true});
    assert_eq!(
        lines(&[with("aws_instance", spared)], &Survey::default()),
        NONE
    );
    let empty = json!({"skip_final_snapshot": false, "final_snapshot_identifier": ""});
    assert_eq!(
        lines(&[with("aws_db_instance", empty)], &Survey::default()).len(),
        1
    );
}

#[test]
fn a_file_that_is_odd_in_any_way_is_passed_over() {
    let whole = state(&[object("aws_db_instance", "", json!([protected(json!({}))]))]);
    let survey = Survey::default();
    assert_eq!(held_in(whole.as_bytes(), &survey).len(), 1);
    for end in 0..whole.len() {
        assert_eq!(
            held_in(&whole.as_bytes()[..end], &survey),
            NONE,
            "cut at {end}"
        );
    }
    for content in [
        &b"\xff\xfe"[..],
        b"[]",
        b"{\"version\": 3, \"resources\": []}",
        b"{\"encrypted_data\": \"hunter2\", \"encryption_version\": \"v0\"}",
    ] {
        assert_eq!(held_in(content, &survey), NONE);
    }
    for instances in [json!({}), json!([1]), json!("x"), json!([{"deposed": 7}])] {
        let odd = object("aws_db_instance", "", instances);
        assert_eq!(lines(&[odd], &survey), NONE);
    }
    let nowhere = Path::new("/nowhere/at/all/terraform.tfstate");
    assert_eq!(held(nowhere, &survey), []);
    assert_eq!(held(Path::new("/"), &survey), [], "a directory");
    assert_eq!(held(Path::new("/dev/null"), &survey), [], "no regular file");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test prepares the file that is read"
)]
fn a_file_that_is_too_long_is_not_read() {
    let home = tempfile::tempdir().expect("a directory of the test's own");
    let file = home.path().join("terraform.tfstate");
    let long = std::fs::File::create(&file).expect("made");
    long.set_len(MOST_BYTES + 1).expect("a file with a hole");
    assert_eq!(held(&file, &Survey::default()), []);
    let error = files::bounded(&file, MOST_BYTES).expect_err("too long");
    assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
}
