//! The plan file: what was reviewed is what runs, so nothing in it can be changed, added or taken away unnoticed.

use ledger::{
    brake::BrakeKind,
    fact::Cause,
    plan::SweepInput,
    stored::plan::{PlanFileError, decode, digest, encode},
};
use serde_json::{Value, json};

use crate::support::{
    Seen, Told, facts,
    sweep::{Swept, due, ordinary, seen, sweep},
};

/// A plan file of version 1, as a reviewer sees it. That a change of words changes it is its purpose.
const PLAN_V1: &str = include_str!("plan_v1.json");

/// One of each: destroyed, deferred, held, not seen, an unreadable record, and brakes that were released.
fn small() -> SweepInput {
    let unseen = due("pr-4", 5);
    let unseen_facts = facts(&unseen).unreadable_state();
    let mut input = sweep(vec![
        ordinary(due("pr-1", 9)),
        ordinary(due("pr-2", 8)),
        ordinary(due("pr-3", 7).held_by("ana@laptop")),
        seen(unseen, unseen_facts),
    ])
    .rate(1)
    .release(BrakeKind::Jump)
    .release(BrakeKind::Coverage);
    input.guards.jump_count = 1;
    input.guards.jump_percent = 10;
    input.unreadable.push((
        "env-old".to_owned(),
        Cause("the environment record has version 9".to_owned()),
    ));
    input
}

fn golden() -> Value {
    serde_json::from_str(PLAN_V1).expect("the golden plan is JSON")
}

fn refusal(value: &Value) -> PlanFileError {
    decode(&value.to_string()).expect_err("not what was reviewed")
}

#[test]
fn a_plan_file_reads_as_it_always_did() {
    let text = encode(&small().planned());
    assert!(text == PLAN_V1.trim_end(), "the plan file is now:\n{text}");
}

#[test]
fn a_plan_file_of_version_1_is_read_and_written_as_it_always_was() {
    let plan = decode(PLAN_V1).expect("version 1 is read for ever");
    assert_eq!(encode(&plan), PLAN_V1.trim_end());
    assert_eq!(plan, small().planned());
    assert!(encode(&plan).contains(&digest(&plan)));
}

#[test]
fn spaces_and_lines_are_no_change() {
    let plan = decode(&golden().to_string()).expect("the same in one line");
    assert_eq!(plan, small().planned());
}

/// Every way to change one value, take one away, add one or put two in another order, somewhere in `value`.
fn alterations(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let mut altered = vec![];
            for (key, field) in fields {
                for inner in alterations(field) {
                    let mut copy = fields.clone();
                    copy.insert(key.clone(), inner);
                    altered.push(Value::Object(copy));
                }
                let mut without = fields.clone();
                without.remove(key);
                altered.push(Value::Object(without));
            }
            altered
        }
        Value::Array(items) => {
            let mut altered = vec![];
            for (place, item) in items.iter().enumerate() {
                for inner in alterations(item) {
                    let mut copy = items.clone();
                    copy[place] = inner;
                    altered.push(Value::Array(copy));
                }
                let mut without = items.clone();
                without.remove(place);
                altered.push(Value::Array(without));
                let mut twice = items.clone();
                twice.insert(place, item.clone());
                altered.push(Value::Array(twice));
                if place + 1 < items.len() {
                    let mut swapped = items.clone();
                    swapped.swap(place, place + 1);
                    altered.push(Value::Array(swapped));
                }
            }
            altered
        }
        Value::String(text) => vec![json!(format!("{text}x")), json!(""), json!(null), json!(1)],
        Value::Number(number) => vec![
            json!(number.as_i64().expect("small") + 1),
            json!(-1),
            json!(0.5),
            json!(i64::MAX),
            json!("7"),
        ],
        Value::Null => vec![json!("keep"), json!(0)],
        Value::Bool(truth) => vec![json!(!truth)],
    }
}

#[test]
fn no_change_of_anything_in_a_plan_file_goes_unnoticed() {
    let original = golden();
    let read = small().planned();
    let all = alterations(&original);
    assert!(600 < all.len(), "only {} alterations", all.len());
    for altered in all {
        match decode(&altered.to_string()) {
            Err(_) => {}
            // What means the very same may be read, if it really is the same.
            Ok(plan) => assert_eq!(plan, read, "{altered}"),
        }
    }
}

#[test]
fn a_changed_value_is_called_a_change() {
    let change = |path: &str, value: Value| {
        let mut altered = golden();
        *altered.pointer_mut(path).expect(path) = value;
        refusal(&altered)
    };
    for (path, value) in [
        ("/items/0/name", json!("pr-9")),
        ("/items/0/owner", json!("bob")),
        ("/items/0/pin/serial", json!(8)),
        ("/items/0/pin/lineage", json!("other")),
        ("/items/0/pin/address", json!("local:/etc")),
        ("/items/2/verdict", json!("destroy")),
        ("/items/0/because", json!("")),
        ("/mode", json!("first-sweep")),
        ("/ledger", json!("sqlite:///other.db")),
        ("/made_at_ms", json!(0)),
        ("/fleet", json!(7)),
        ("/released", json!(["jump"])),
        ("/brakes", json!([])),
        ("/unreadable", json!([])),
        ("/digest", json!("0".repeat(64))),
    ] {
        let error = change(path, value);
        assert!(matches!(error, PlanFileError::Altered), "{path}: {error:?}");
        assert!(error.to_string().contains("`sweeper plan --out FILE`"));
    }
}

#[test]
fn a_held_environment_cannot_be_slipped_among_the_destroys() {
    let mut altered = golden();
    let pin = altered["items"][0]["pin"].clone();
    let held = altered["items"][2].as_object_mut().expect("a line");
    assert_eq!(held["rule"], "hold");
    held.insert("action".to_owned(), json!("destroy"));
    held.insert("pin".to_owned(), pin);
    assert!(matches!(refusal(&altered), PlanFileError::Altered));
}

#[test]
fn an_action_and_what_it_needs_belong_together() {
    let change = |action: Value| {
        let mut altered = golden();
        altered["items"][0]["action"] = action;
        refusal(&altered)
    };
    for action in ["none", "defer", "destroy-all", ""] {
        let error = change(json!(action));
        assert!(
            matches!(error, PlanFileError::Word { what: "action", .. }),
            "{error:?}"
        );
    }
}

#[test]
fn an_unknown_word_is_named_and_not_guessed_at() {
    for (path, what) in [
        ("/mode", "mode"),
        ("/scope", "scope"),
        ("/released/0", "brake"),
        ("/brakes/0/kind", "brake"),
        ("/items/0/id", "id"),
        ("/items/0/name", "name"),
        ("/items/0/phase", "phase"),
        ("/items/0/verdict", "verdict"),
        ("/items/0/rule", "rule"),
        ("/items/0/derivation/0/rule", "rule"),
    ] {
        let mut altered = golden();
        *altered.pointer_mut(path).expect(path) = json!("Nonsense");
        let error = refusal(&altered);
        assert!(
            matches!(&error, PlanFileError::Word { what: found, .. } if *found == what),
            "{path}: {error:?}"
        );
        assert!(error.to_string().contains("`Nonsense`"), "{error}");
    }
    for (path, what, value) in [
        ("/made_at_ms", "time", json!(i64::MAX)),
        ("/items/0/generation", "generation", json!(0)),
    ] {
        let mut altered = golden();
        *altered.pointer_mut(path).expect(path) = value;
        let error = refusal(&altered);
        assert!(matches!(&error, PlanFileError::Word { what: found, .. } if *found == what));
    }
}

#[test]
fn an_unknown_field_is_refused_wherever_it_stands() {
    for path in [
        "",
        "/items/0",
        "/items/0/pin",
        "/items/0/derivation/0",
        "/brakes/0",
        "/unreadable/0",
    ] {
        let mut altered = golden();
        let object = altered.pointer_mut(path).and_then(Value::as_object_mut);
        object.expect(path).insert("force".to_owned(), json!(true));
        let error = refusal(&altered);
        assert!(
            matches!(error, PlanFileError::Shape(_)),
            "{path}: {error:?}"
        );
    }
}

#[test]
fn another_version_is_refused_by_its_number_even_if_its_fields_are_unknown() {
    let mut newer = golden();
    newer["version"] = json!(2);
    newer["approvals"] = json!(["ana"]);
    let error = refusal(&newer);
    assert!(
        matches!(error, PlanFileError::Version { version: 2, .. }),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains("of version 2, and this sweeper reads"),
        "{error}"
    );
    let mut other = golden();
    other["format"] = json!("terraform-plan");
    assert!(matches!(
        refusal(&other),
        PlanFileError::Version { version: 1, .. }
    ));
}

#[test]
fn what_is_no_plan_at_all_is_said_to_be_none() {
    let empty_state = r#"{"version":4,"terraform_version":"1.11.4","serial":1}"#;
    for text in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        "\u{0}",
        "PK\u{3}\u{4}",
        empty_state,
    ] {
        let error = decode(text).expect_err(text);
        assert!(
            matches!(error, PlanFileError::Shape(_)),
            "{text:?}: {error:?}"
        );
        assert!(
            error.to_string().starts_with("it is not a sweep plan"),
            "{error}"
        );
    }
    let doubled = PLAN_V1.replacen("\"fleet\":", "\"fleet\": 1,\n  \"fleet\":", 1);
    assert!(matches!(decode(&doubled), Err(PlanFileError::Shape(_))));
}
