//! Drift: whatever differs from what was planned is skipped and named; what was not planned for does not count.

use chrono::TimeDelta;
use ledger::{
    clock::Timestamp,
    environment::Environment,
    fact::StateFact,
    id::{EnvironmentId, Generation},
    judge::Policy,
    plan::{Action, Candidate, Disposition, Item, Pin, drift, item},
    state_address::StateAddress,
};
use proptest::prelude::*;

use crate::support::{
    Seen, Told, any, facts,
    sweep::{due, now, ordinary, seen},
};

/// Due, with a lineage that no sweep noted yet, so that another one is no other owner.
fn environment() -> Environment {
    Environment {
        lineage: None,
        ..due("pr-12", 9)
    }
}

fn line(candidate: &Candidate) -> Item {
    item(candidate, &Policy::default(), now())
}

fn planned() -> (Item, Pin) {
    let planned = line(&ordinary(environment()));
    let Disposition::Act(Action::Destroy(pin)) = planned.disposition.clone() else {
        panic!("due, proven ours and unshielded: {:?}", planned.decision);
    };
    (planned, pin)
}

/// What is said of a candidate that is like this now.
fn said(candidate: &Candidate) -> Option<String> {
    let (planned, pin) = planned();
    drift(&planned, &Action::Destroy(pin.clone()), &line(candidate))
}

fn with_state(differ: impl FnOnce(&mut StateFact)) -> Candidate {
    seen(environment(), facts(&environment()).with_state(differ))
}

#[track_caller]
fn drifted(candidate: &Candidate, expected: &str) {
    assert_eq!(said(candidate).as_deref(), Some(expected));
}

#[test]
fn what_is_as_it_was_planned_is_no_drift() {
    assert_eq!(said(&ordinary(environment())), None);
}

#[test]
fn every_field_of_the_pin_counts_and_is_named_with_both_values() {
    drifted(
        &with_state(|state| state.serial = 8),
        "it changed since the plan: serial was 7 and is 8",
    );
    drifted(
        &with_state(|state| state.instances = 4),
        "it changed since the plan: instances was 3 and is 4",
    );
    drifted(
        &with_state(|state| state.lineage = "other".to_owned()),
        "it changed since the plan: lineage was lineage-of-pr-12 and is other",
    );
    let path = ("path".to_owned(), "/tmp/other.tfstate".to_owned());
    let moved = Environment {
        state: Some(StateAddress::new("local", [path], "default")),
        ..environment()
    };
    drifted(
        &ordinary(moved),
        "it changed since the plan: address was local:/srv/pr-12.tfstate and is local:/tmp/other.tfstate",
    );
    let renewed = environment();
    let renewed_at = renewed.renewed_at + TimeDelta::hours(1);
    drifted(
        &ordinary(renewed.renewed(renewed_at).max("3h")),
        "it changed since the plan: expiry was 2023-11-18T17:13:20Z and is 2023-11-18T18:13:20Z",
    );
}

#[test]
fn all_that_changed_is_said_at_once() {
    let candidate = with_state(|state| {
        state.serial = 9;
        state.instances = 0;
    });
    drifted(
        &candidate,
        "it changed since the plan: serial was 7 and is 9, instances was 3 and is 0",
    );
}

#[test]
fn two_expiries_less_than_a_second_apart_do_not_read_alike() {
    let (planned, pin) = planned();
    let nearly = Pin {
        expires_at: pin.expires_at + TimeDelta::milliseconds(5),
        ..pin.clone()
    };
    let now = Item {
        disposition: Disposition::Act(Action::Destroy(nearly)),
        ..planned.clone()
    };
    assert_eq!(
        drift(&planned, &Action::Destroy(pin.clone()), &now).as_deref(),
        Some(
            "it changed since the plan: expiry was 2023-11-18T17:13:20Z and is 2023-11-18T17:13:20.005Z"
        )
    );
}

#[test]
fn another_life_or_another_environment_under_the_name_is_drift() {
    let second = Environment {
        generation: Generation::FIRST.next(),
        ..environment()
    };
    drifted(
        &ordinary(second),
        "planned for env-pr-12 generation 1, found env-pr-12 generation 2",
    );
    let other = Environment {
        id: EnvironmentId::parse("env-other").expect("right"),
        ..environment()
    };
    drifted(
        &ordinary(other),
        "planned for env-pr-12 generation 1, found env-other generation 1",
    );
}

#[test]
fn what_is_no_longer_to_be_destroyed_is_drift_and_says_why() {
    drifted(
        &ordinary(environment().held_by("ana@laptop")),
        "it is no longer to be destroyed: held by ana@laptop (local, claimed) until it is lifted: demo on Friday (hold)",
    );
    for candidate in [
        ordinary(environment().extended(now() + TimeDelta::hours(5))),
        seen(environment(), facts(&environment()).locked()),
        seen(environment(), facts(&environment()).unreadable_state()),
        seen(environment(), facts(&environment()).without_state()),
        with_state(|state| state.markers.clear()),
    ] {
        let said = said(&candidate).expect("it is not to be destroyed any more");
        assert!(
            said.starts_with("it is no longer to be destroyed: "),
            "{said}"
        );
    }
}

#[test]
fn what_no_pin_names_is_no_drift() {
    let another_owner = Environment {
        owner: "bob".to_owned(),
        ..environment()
    };
    let mut looked_later = ordinary(environment());
    looked_later.facts.state.at = Timestamp::MAX_UTC;
    looked_later.facts.state.source = "another reader".to_owned();
    looked_later.revision.0 = 99;
    for candidate in [ordinary(another_owner), looked_later] {
        assert_eq!(said(&candidate), None);
    }
    let (planned, pin) = planned();
    let an_hour_later = item(
        &ordinary(environment()),
        &Policy::default(),
        now() + TimeDelta::hours(1),
    );
    assert_eq!(
        drift(&planned, &Action::Destroy(pin.clone()), &an_hour_later),
        None
    );
}

/// A pin from small sets, so that equal ones are common.
fn pin() -> impl Strategy<Value = Pin> {
    ("[ab]", "[ab]", 0..2_u64, 0..2_u64, any::instant()).prop_map(
        |(address, lineage, serial, instances, expires_at)| Pin {
            address,
            lineage,
            serial,
            instances,
            expires_at,
        },
    )
}

proptest! {
    #[test]
    fn it_is_drift_exactly_when_something_pinned_differs(
        one in pin(), other in pin(), same in any::<bool>(), generation in 1..3_u64,
    ) {
        let (template, _) = planned();
        let with = |pin: &Pin, generation| Item {
            generation: Generation::new(generation).expect("not zero"),
            disposition: Disposition::Act(Action::Destroy(pin.clone())),
            ..template.clone()
        };
        let found = if same { &one } else { &other };
        let said = drift(&with(&one, 1), &Action::Destroy(one.clone()), &with(found, generation));
        prop_assert_eq!(said.is_none(), *found == one && generation == 1);
        if let Some(said) = said {
            prop_assert!(!said.ends_with(": "), "it names what differs: {}", said);
        }
    }
}
