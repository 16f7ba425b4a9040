//! An older version of this software in the place of a newer one. What the newer one wrote stands beside this file: every
//! object has members that are not known here. This version is the older one.

use ledger::{
    book::{Record, contract::sample},
    chain,
    clock::from_millis,
    event::EventKind,
    identity::Identity,
    lease::Lease,
    reason::Reason,
    request::{
        extend::{HowLong, extend_environment, extend_lease},
        hold::hold_environment,
    },
    stored,
    ttl::Ttl,
};
use proptest::prelude::*;

use super::any;

const LIVING: &str = include_str!("environment_living.json");
const LEASE: &str = include_str!("lease.json");
const RUN: &str = include_str!("run.json");
const EVENT: &str = include_str!("event.json");

const RECORDS: [&str; 9] = [
    include_str!("environment.json"),
    LIVING,
    include_str!("environment_stuck.json"),
    include_str!("environment_destroyed.json"),
    include_str!("environment_released.json"),
    LEASE,
    RUN,
    include_str!("run_closed.json"),
    include_str!("scope.json"),
];

fn decoded(text: &str) -> Record {
    stored::decode(text).expect("what was added is no hindrance")
}

#[test]
fn what_was_added_is_written_back_byte_for_byte() {
    for (newer, first) in RECORDS.into_iter().zip([
        super::RECORDS_V1[0],
        super::RECORDS_V1[1],
        super::RECORDS_V1[2],
        super::RECORDS_V1[3],
        super::RECORDS_V1[4],
        super::LEASE_V1,
        super::RUN_V1,
        super::RECORDS_V1[8],
        super::SCOPE_V1,
    ]) {
        let newer = newer.trim_end();
        let record = decoded(newer);
        assert_eq!(record, decoded(first), "what is known says the same");
        assert_eq!(stored::encode_over(&record, newer).as_deref(), Ok(newer));
    }
}

/// The decisions that a person asks for, each of which reads, decides and writes.
#[test]
fn an_extension_and_a_hold_change_what_they_know_and_nothing_else() {
    let Record::Environment(environment) = decoded(LIVING) else {
        panic!("the golden record is an environment");
    };
    let Record::Lease(lease) = decoded(LEASE) else {
        panic!("the golden record is a lease");
    };
    // The golden one was given back.
    let lease = Lease {
        released: None,
        ..lease
    };
    let active = sample::grown(&stored::encode(&Record::Lease(lease.clone())), &mut |_| {
        Some(sample::LATER.to_owned())
    });
    let reason = Reason::parse("a demo").expect("a reason");
    let hour = HowLong::By(Ttl::hours(1));
    let by = Identity::claimed("local", "bo@laptop");
    let long_ago = from_millis(1_700_000_000_000).expect("in range");
    let extended = extend_environment(&environment, &hour, &reason, long_ago).expect("longer");
    let held = hold_environment(&environment, &by, &reason, None, long_ago).expect("held");
    let longer = extend_lease(&lease, &hour, &reason, long_ago).expect("longer");
    for (before, change, replaced) in [
        (LIVING, extended, &[][..]),
        (LIVING, held, &[".hold", ".hold.by"]),
        (&active, longer, &[]),
    ] {
        let written = stored::encode_over(&change.record, before.trim_end()).expect("readable");
        assert_eq!(decoded(&written), change.record);
        let expected = sample::grown(&stored::encode(&change.record), &mut |path| {
            (!replaced.contains(&path)).then(|| sample::LATER.to_owned())
        });
        assert_eq!(written, expected);
    }
}

#[test]
fn an_event_of_an_unknown_kind_with_unknown_members_verifies() {
    let text = EVENT.trim_end();
    let event = stored::event::decode(text).expect("what was added is no hindrance");
    assert_eq!(event.event.kind, EventKind::Other("dreamt".to_owned()));
    assert_eq!(stored::event::encode(&event), text);
    assert_eq!(chain::verify(&[event]), []);
    for (written, altered) in [("1.50e+3", "1.5e+3"), ("\"dreamt\"", "\"held\"")] {
        let altered = stored::event::decode(&text.replace(written, altered)).expect("readable");
        assert_eq!(chain::verify(&[altered]).len(), 1, "{written}");
    }
}

/// A word that decides something is not guessed.
#[test]
fn what_decides_and_is_not_known_is_refused() {
    let wrong = [
        (LIVING, "\"living\"", "\"sleeping\""),
        (
            LIVING,
            "\"living\"",
            "{\"asleep\":{\"since_ms\":1700000000000}}",
        ),
        (LIVING, "\"living\"", "{\"living\":null,\"later\":1}"),
        (
            LIVING,
            "\"on_expiry\":\"review\"",
            "\"on_expiry\":\"hibernate\"",
        ),
        (RUN, "{\"died\":", "{\"vanished\":"),
        (RECORDS[0], "\"step\":\"applying\"", "\"step\":\"hoping\""),
        (LEASE, "\"version\":1", "\"version\":2"),
    ];
    for (golden, right, wrong) in wrong {
        let text = golden.replace(right, wrong);
        assert_ne!(text, golden, "{right} is in the golden record");
        let error = stored::decode(&text).expect_err(wrong);
        let over = stored::encode_over(&decoded(golden), &text);
        assert_eq!(over, Err(error), "and nothing is written over it");
    }
}

/// Any JSON value in any spelling.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        "-?[1-9][0-9]{0,30}",
        "[0-9]\\.[0-9]{1,9}[eE][+-]?[0-9]{1,2}",
        "\"([a-z ]|\\\\u00[0-9a-f]{2}|\\\\/|\u{e9}){0,8}\"",
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..3)
            .prop_map(|values| format!("[{} ]", values.join(" ,")));
        let object = proptest::collection::vec(inner, 0..3).prop_map(|values| {
            let members: Vec<String> = values
                .iter()
                .map(|value| format!("\"later\" :{value}"))
                .collect();
            format!("{{{}}}", members.join(", "))
        });
        prop_oneof![list, object]
    })
}

proptest! {
    #[test]
    fn anything_added_anywhere_is_written_back(
        record in any::record(),
        values in proptest::collection::vec(proptest::option::of(json()), 1..12),
    ) {
        let mut number = 0;
        let newer = sample::grown(&stored::encode(&record), &mut |_| {
            number += 1;
            let value = values[number % values.len()].as_ref()?;
            Some(format!("\"later{number}\":{value}"))
        });
        let back = stored::decode(&newer).expect("what was added is no hindrance");
        prop_assert_eq!(&back, &record);
        prop_assert_eq!(stored::encode_over(&back, &newer), Ok(newer));
    }
}
