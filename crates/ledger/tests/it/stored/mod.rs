//! The treaty: what is stored today is read by every later version, and nothing is dropped or guessed.

use ledger::{
    book::Record,
    clock::from_millis,
    event::{Event, EventKind, Subject},
    id::ScopeName,
    identity::{Identity, Standing},
    stored::{self, RecordError},
};
use proptest::prelude::*;

mod any;
mod newer;

/// Version 1 as it was first written. It may never change: ledgers in the world hold it.
const ENVIRONMENT_V1: &str = include_str!("environment_v1.json");
const LEASE_V1: &str = include_str!("lease_v1.json");
const SCOPE_V1: &str = include_str!("scope_v1.json");
const RUN_V1: &str = include_str!("run_v1.json");
const EVENT_V1: &str = include_str!("event_v1.json");

/// Every golden record there is.
const RECORDS_V1: [&str; 9] = [
    ENVIRONMENT_V1,
    include_str!("environment_living_v1.json"),
    include_str!("environment_stuck_v1.json"),
    include_str!("environment_destroyed_v1.json"),
    include_str!("environment_released_v1.json"),
    LEASE_V1,
    SCOPE_V1,
    RUN_V1,
    include_str!("run_closed_v1.json"),
];

#[test]
fn version_1_is_read_and_written_as_it_always_was() {
    for text in RECORDS_V1.map(str::trim_end) {
        let record = stored::decode(text).expect("version 1 is read for ever");
        assert_eq!(stored::encode(&record), text);
        assert_eq!(stored::encode_over(&record, text).as_deref(), Ok(text));
    }
}

#[test]
fn an_event_of_version_1_is_read_and_written_as_it_always_was() {
    let text = EVENT_V1.trim_end();
    let event = stored::event::decode(text).expect("version 1 is read for ever");
    assert_eq!(stored::event::encode(&event), text);
    assert_eq!(ledger::chain::verify(&[event]), []);
}

#[test]
fn the_canonical_form_that_hashes_cover_is_this_one() {
    let event = Event {
        kind: EventKind::Held,
        at: from_millis(1_700_000_000_123).expect("in range"),
        by: Identity {
            issuer: "https://token.actions.githubusercontent.com".to_owned(),
            subject: "repo:acme/shop".to_owned(),
            standing: Standing::Verified,
        },
        operation: None,
        detail: Default::default(),
    }
    .with("reason", "a \"demo\"")
    .with("after", "é");
    let subject = Subject::Scope(ScopeName::parse("default").expect("a right name"));
    let chained = ledger::chain::link(&subject, Some((6, "not covered here")), event);
    assert_eq!(
        chained.canonical,
        r#"{"subject":"scope:default","seq":7,"kind":"held","at_ms":1700000000123,"by":{"issuer":"https://token.actions.githubusercontent.com","subject":"repo:acme/shop","standing":"verified"},"operation":null,"detail":{"after":"é","reason":"a \"demo\""}}"#
    );
}

#[test]
fn durations_keep_the_users_spelling() {
    let Record::Environment(environment) = stored::decode(ENVIRONMENT_V1).expect("golden") else {
        panic!("the golden record is an environment");
    };
    assert_eq!(environment.lifetime.ttl.spelling(), "PT72H");
    assert_eq!(environment.lifetime.grace.spelling(), "60m");
}

#[test]
fn a_newer_version_is_refused_by_name() {
    for (golden, kind) in [
        (ENVIRONMENT_V1, "environment"),
        (LEASE_V1, "lease"),
        (SCOPE_V1, "scope"),
        (RUN_V1, "run"),
    ] {
        let newer = golden.replace("\"version\":1", "\"version\":2");
        let error = stored::decode(&newer).expect_err("it is newer");
        assert!(
            matches!(
                error,
                RecordError::Newer {
                    found: 2,
                    newest: 1,
                    ..
                }
            ),
            "{error}"
        );
        let shown = error.to_string();
        assert!(
            shown.contains("written by a newer version") && shown.contains(kind),
            "{shown}"
        );
    }
    let newer = EVENT_V1.replace("\"version\":1", "\"version\":2");
    let error = stored::event::decode(&newer).expect_err("it is newer");
    assert!(
        matches!(error, RecordError::Newer { found: 2, .. }),
        "{error}"
    );
    assert!(stored::decode(&ENVIRONMENT_V1.replace("\"version\":1", "\"version\":0")).is_err());
}

/// Every place in every golden record: a missing field never reads as an absence.
#[test]
fn no_field_anywhere_may_be_missing() {
    let mut removed = 0;
    for golden in RECORDS_V1.into_iter().chain([EVENT_V1]) {
        let decodes = |value: &serde_json::Value| {
            let text = value.to_string();
            stored::decode(&text).is_ok() || stored::event::decode(&text).is_ok()
        };
        let whole: serde_json::Value = serde_json::from_str(golden).expect("JSON");
        assert!(decodes(&whole));
        for path in objects(&whole, "") {
            // What a user fills has no fields of ours.
            if path.ends_with("/tags")
                || path.ends_with("/settings")
                || path.ends_with("/detail")
                || path.ends_with("/labels")
            {
                continue;
            }
            let fields = whole.pointer(&path).and_then(|object| object.as_object());
            for field in fields.expect("an object").keys() {
                let mut without = whole.clone();
                object_at(&mut without, &path).remove(field);
                assert!(!decodes(&without), "without {path}/{field}");
                removed += 1;
            }
        }
    }
    assert!(80 < removed, "{removed} fields were tried");
}

fn objects(value: &serde_json::Value, path: &str) -> Vec<String> {
    let Some(object) = value.as_object() else {
        return Vec::new();
    };
    let inner = object
        .iter()
        .flat_map(|(field, value)| objects(value, &format!("{path}/{field}")));
    std::iter::once(path.to_owned()).chain(inner).collect()
}

fn object_at<'a>(
    value: &'a mut serde_json::Value,
    path: &str,
) -> &'a mut serde_json::Map<String, serde_json::Value> {
    value
        .pointer_mut(path)
        .and_then(serde_json::Value::as_object_mut)
        .expect("an object")
}

#[test]
fn what_is_no_record_is_refused_with_what_was_expected() {
    let cases = [
        ("", "expected a record"),
        ("spoiled", "expected a record"),
        ("[]", "expected a record"),
        ("{}", "kind"),
        (r#"{"kind":"environment"}"#, "version"),
        (r#"{"kind":"planet","version":1}"#, "planet"),
        (r#"{"kind":"event","version":1}"#, "not a kind of record"),
        (r#"{"kind":"scope","version":1}"#, "missing field"),
        (r#"{"kind":"scope","version":-1}"#, "expected a record"),
    ];
    for (text, part) in cases {
        let shown = stored::decode(text).expect_err(text).to_string();
        assert!(shown.contains(part), "{text}: {shown}");
    }
}

#[test]
fn a_value_outside_its_range_is_refused_by_its_name() {
    let wrong = [
        ("\"generation\":3", "\"generation\":0", "generation"),
        ("\"ttl\":\"PT72H\"", "\"ttl\":\"soon\"", "lifetime.ttl"),
        (
            "\"on_expiry\":\"review\"",
            "\"on_expiry\":\"maybe\"",
            "on_expiry",
        ),
        (
            "\"standing\":\"verified\"",
            "\"standing\":\"trusted\"",
            "standing",
        ),
        (
            "\"forge\":\"github\"",
            "\"forge\":\"sourcehut\"",
            "change_request.forge",
        ),
        ("\"step\":\"applying\"", "\"step\":\"hoping\"", "hoping"),
        ("\"name\":\"pr-128\"", "\"name\":\"PR 128\"", "PR 128"),
        (
            "\"created_at_ms\":1700000000000",
            "\"created_at_ms\":9223372036854775807",
            "created_at_ms",
        ),
    ];
    for (right, wrong, named) in wrong {
        let text = ENVIRONMENT_V1.replace(right, wrong);
        assert_ne!(text, ENVIRONMENT_V1, "{right} is in the golden record");
        let shown = stored::decode(&text).expect_err(wrong).to_string();
        assert!(shown.contains(named), "{wrong}: {shown}");
    }
}

proptest! {
    #[test]
    fn every_record_comes_back_as_it_was(record in any::record()) {
        let text = stored::encode(&record);
        let back = stored::decode(&text).expect("what was written is read");
        prop_assert_eq!(&back, &record);
        // Spellings too, which equality does not see.
        prop_assert_eq!(stored::encode(&back), text);
    }

    #[test]
    fn every_event_comes_back_as_it_was(event in any::chained_event()) {
        let text = stored::event::encode(&event);
        let back = stored::event::decode(&text).expect("what was written is read");
        prop_assert_eq!(&back, &event);
        prop_assert_eq!(stored::event::encode(&back), text);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        prop_assert!(stored::decode(&text).is_err());
        prop_assert!(stored::event::decode(&text).is_err());
    }
}
