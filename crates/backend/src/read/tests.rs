//! What the native reader makes of real states and of bytes that are none.

use std::fmt::Write as _;

use super::*;

/// Recorded; see `tests/fixtures/README.md`.
const MODULES: &[u8] = include_bytes!("../../tests/fixtures/state_modules.json");

/// A state with one resource, written around `resource`.
fn with(resource: &str) -> String {
    format!(
        r#"{{"version":4,"terraform_version":"1.11.4","serial":3,"lineage":"l-1","outputs":{{}},"resources":[{resource}],"check_results":null}}"#
    )
}

fn marker_of(attributes: &str, deposed: &str) -> String {
    with(&format!(
        r#"{{"mode":"managed","type":"ephemeral_environment","name":"this",
            "provider":"provider[\"registry.terraform.io/ephemeral-environments/ephemeral\"]",
            "instances":[{{"schema_version":0,{deposed}"attributes":{attributes}}}]}}"#
    ))
}

#[track_caller]
fn refused(text: &str) -> StateRefusal {
    read(text.as_bytes()).expect_err(text)
}

#[test]
fn a_real_state_is_read_with_its_modules_keys_and_deposed_objects() {
    let doc = read(MODULES).expect("a recorded state");
    assert_eq!(doc.terraform_version, "1.11.4");
    assert!(!doc.lineage.is_empty());
    let names: Vec<String> = doc.managed().map(|one| one.key.to_string()).collect();
    assert_eq!(
        names,
        [
            "terraform_data.cbd",
            "terraform_data.cbd (deposed 0a1b2c3d)",
            "terraform_data.counted[0]",
            "terraform_data.counted[1]",
            "terraform_data.each[\"a b\"]",
            "terraform_data.each[\"c\\\"d\"]",
            "terraform_data.each[\"ü\"]",
            "terraform_data.one",
            "module.web[\"x\"].terraform_data.inner[0]",
            "module.web[\"x\"].module.deep[0].terraform_data.leaf",
            "module.web[\"y.z\"].terraform_data.inner[0]",
            "module.web[\"y.z\"].module.deep[0].terraform_data.leaf",
        ]
    );
    assert!(
        doc.managed()
            .all(|one| one.provider.source.is_builtin() && one.provider.is_default())
    );
    assert_eq!(doc.fact(None).instances, 12);
}

#[test]
fn a_marker_is_found_with_its_id_and_generation() {
    let doc = read(marker_of(r#"{"id":"env-1","generation":2,"name":"x"}"#, "").as_bytes())
        .expect("well formed");
    assert_eq!(
        doc.markers,
        [Marker {
            id: EnvironmentId::parse("env-1").expect("an id"),
            generation: Generation::new(2).expect("not zero"),
        }]
    );
    assert!(doc.broken_markers.is_empty());
}

#[test]
fn a_deposed_marker_proves_nothing_and_still_counts_as_an_object() {
    let text = marker_of(
        r#"{"id":"env-1","generation":2}"#,
        r#""deposed":"0a1b2c3d","#,
    );
    let doc = read(text.as_bytes()).expect("well formed");
    assert!(doc.markers.is_empty() && doc.broken_markers.is_empty());
    assert_eq!(doc.managed_count(), 1);
}

#[test]
fn a_marker_without_a_usable_id_or_generation_is_named_and_proves_nothing() {
    for attributes in [
        "null",
        "{}",
        r#"{"id":null,"generation":1}"#,
        r#"{"id":"","generation":1}"#,
        r#"{"id":"env-1","generation":0}"#,
        r#"{"id":"env-1","generation":"1"}"#,
        r#"{"id":"ENV 1","generation":1}"#,
    ] {
        let doc = read(marker_of(attributes, "").as_bytes()).expect(attributes);
        assert!(doc.markers.is_empty(), "{attributes}");
        assert_eq!(doc.broken_markers, ["ephemeral_environment.this"]);
    }
}

#[test]
fn a_data_source_is_no_object_of_a_destroy() {
    let doc = read(
        with(
            r#"{"mode":"data","type":"a","name":"b","provider":"provider[\"registry.terraform.io/x/a\"].west",
            "instances":[{"schema_version":1,"attributes":{}}]}"#,
        )
        .as_bytes(),
    )
    .expect("well formed");
    assert_eq!((doc.instances.len(), doc.managed_count()), (1, 0));
}

#[test]
fn what_is_no_state_of_ours_is_refused_for_what_it_is() {
    assert_eq!(refused(""), StateRefusal::ZeroLength);
    let version = |found: &str| StateRefusal::Version {
        found: found.to_owned(),
    };
    assert_eq!(refused("{}"), version("none"));
    assert_eq!(refused(&with("").replace(":4,", ":5,")), version("5"));
    assert_eq!(refused(r#"{"version":3,"modules":[]}"#), version("3"));
    assert_eq!(
        refused(r#"{"serial":1,"lineage":"x","meta":{},"encrypted_data":"AAAA"}"#),
        StateRefusal::Encrypted
    );
    assert!(matches!(refused("<html>"), StateRefusal::NotJson { .. }));
    let whole = with("");
    assert!(matches!(
        refused(&whole[..whole.len() - 1]),
        StateRefusal::NotJson { .. }
    ));
}

#[test]
fn a_state_that_terraform_would_not_write_is_malformed_and_never_taken_for_empty() {
    let one = r#"{"mode":"managed","type":"a","name":"b","provider":"provider[\"registry.terraform.io/x/a\"]","instances":[{"schema_version":0,"attributes":{}}]}"#;
    for text in [
        with("").replace(r#""resources":[],"#, ""),
        with("").replace(r#""resources":[]"#, r#""resources":null"#),
        with("").replace("l-1", ""),
        with("").replace(r#""serial":3,"#, ""),
        with(&one.replace("managed", "imagined")),
        with(&one.replace("[\\\"registry.terraform.io/x/a\\\"]", ".a")),
        with(&one.replace(
            r#""schema_version":0"#,
            r#""schema_version":0,"index_key":1.5"#,
        )),
        with(&format!("{one},{one}")),
    ] {
        assert!(
            matches!(refused(&text), StateRefusal::Malformed { .. }),
            "{text}"
        );
    }
}

#[test]
fn a_refusal_never_quotes_a_value_of_the_state() {
    let text = with("").replace(r#""serial":3"#, r#""serial":"hunter2""#);
    let refusal = refused(&text);
    assert!(matches!(refusal, StateRefusal::Malformed { .. }));
    assert!(!refusal.to_string().contains("hunter2"), "{refusal}");
    assert!(!refusal.remedy().is_empty());
}

#[test]
fn five_thousand_objects_are_read_completely() {
    let mut all = String::new();
    for number in 0..5000 {
        let comma = if number == 0 { "" } else { "," };
        write!(
            all,
            r#"{comma}{{"mode":"managed","type":"null_resource","name":"r{number}","provider":"provider[\"registry.terraform.io/hashicorp/null\"]",
            "instances":[{{"schema_version":0,"attributes":{{"id":"{number}","triggers":{{"a":"b"}}}},"sensitive_attributes":[],"private":"bnVsbA=="}}]}}"#
        )
        .expect("a string takes all");
    }
    let doc = read(with(&all).as_bytes()).expect("well formed");
    assert_eq!(doc.managed_count(), 5000);
}

/// The fingerprint of the only object of a state, whose instance is written around `rest`.
fn fingerprint_of(rest: &str) -> Fingerprint {
    let text = with(&format!(
        r#"{{"mode":"managed","type":"x","name":"a","provider":"provider[\"a/b/c\"]","instances":[{{"schema_version":0,{rest}}}]}}"#
    ));
    let doc = read(text.as_bytes()).expect(rest);
    let objects: Vec<_> = doc.inventory().iter().copied().collect();
    let [only] = objects[..] else {
        panic!("one object: {rest}");
    };
    only
}

#[test]
fn an_object_is_known_again_by_its_id_whatever_else_about_it_changes() {
    let before = fingerprint_of(r#""attributes":{"id":"i-1","size":1}"#);
    for same in [
        r#""attributes":{"a":{"id":"x"},"id":"i-1","size":2}"#,
        r#""status":"tainted","attributes":{"id":"i-1"}"#,
        r#""attributes_flat":{"id":"i-1"}"#,
    ] {
        assert_eq!(fingerprint_of(same), before, "{same}");
    }
    for other in [
        r#""attributes":{"id":"i-2","size":1}"#,
        r#""deposed":"0a1b2c3d","attributes":{"id":"i-1","size":1}"#,
        r#""index_key":0,"attributes":{"id":"i-1","size":1}"#,
        r#""attributes":{"size":1}"#,
    ] {
        assert_ne!(fingerprint_of(other), before, "{other}");
    }
}

#[test]
fn an_object_without_an_id_is_known_again_by_all_of_its_attributes() {
    for id in ["", r#""id":null,"#, r#""id":"","#] {
        let with_size = |size| fingerprint_of(&format!(r#""attributes":{{{id}"size":{size}}}"#));
        assert_eq!(with_size(1), with_size(1));
        assert_ne!(with_size(1), with_size(2), "{id}");
    }
    // What has nothing to be known by is still an object.
    assert_eq!(
        fingerprint_of(r#""attributes":null"#),
        fingerprint_of(r#""status":"""#)
    );
}
