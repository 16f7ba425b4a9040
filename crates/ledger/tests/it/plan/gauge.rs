//! The guards at their exact thresholds.

use chrono::TimeDelta;
use ledger::brake::{BrakeKind, Gauge, Guards};
use proptest::prelude::*;

use crate::support::hour;

fn gauge(fleet: u64, newly_due: u64, unseen: u64) -> Gauge {
    Gauge {
        fleet,
        newly_due,
        unseen,
        store_now: hour(0),
        host_now: hour(0),
    }
}

fn kinds(guards: &Guards, gauge: &Gauge) -> Vec<BrakeKind> {
    guards
        .brakes(gauge)
        .iter()
        .map(|brake| brake.kind)
        .collect()
}

#[test]
fn the_defaults_are_the_documented_ones() {
    assert_eq!(
        Guards::default(),
        Guards {
            rate: 20,
            jump_count: 10,
            jump_percent: 50,
            clock_limit: TimeDelta::seconds(60),
        }
    );
}

#[test]
fn a_jump_is_more_than_ten_that_are_also_more_than_half() {
    // (fleet, newly due, whether it stops)
    let cases = [
        (0, 0, false),
        (10, 10, false),
        (1000, 10, false),
        (11, 11, true),
        (21, 11, true),
        (22, 11, false),
        (23, 11, false),
        (1000, 500, false),
        (1000, 501, true),
        (1000, 1000, true),
        // A fleet that was counted too small is no reason to go on.
        (0, 11, true),
        (u64::MAX, u64::MAX, true),
        (u64::MAX, u64::MAX / 2, false),
        (u64::MAX, u64::MAX / 2 + 1, true),
    ];
    for (fleet, part, stops) in cases {
        let jump = kinds(&Guards::default(), &gauge(fleet, part, 0));
        assert_eq!(!jump.is_empty(), stops, "{part} newly due of {fleet}");
        assert!(jump.iter().all(|kind| *kind == BrakeKind::Jump));
        let coverage = kinds(&Guards::default(), &gauge(fleet, 0, part));
        assert_eq!(!coverage.is_empty(), stops, "{part} unseen of {fleet}");
        assert!(coverage.iter().all(|kind| *kind == BrakeKind::Coverage));
    }
}

#[test]
fn both_limits_are_what_the_operator_set() {
    let guards = |jump_count, jump_percent| Guards {
        jump_count,
        jump_percent,
        ..Guards::default()
    };
    let trips = |guards: Guards, fleet, part| !guards.brakes(&gauge(fleet, part, 0)).is_empty();
    assert!(!trips(guards(0, 0), 5, 0), "nothing is never too much");
    assert!(trips(guards(0, 0), 5, 1));
    assert!(!trips(guards(2, 0), 5, 2));
    assert!(trips(guards(2, 0), 5, 3));
    assert!(!trips(guards(0, 20), 5, 1));
    assert!(trips(guards(0, 20), 5, 2));
    assert!(!trips(guards(0, 100), 5, 5), "more than all there are");
    assert!(!trips(guards(u32::MAX, 0), 5, 5));
    assert!(!trips(guards(0, u32::MAX), u64::MAX, u64::MAX));
}

#[test]
fn clocks_may_be_a_minute_apart_and_no_more_whichever_is_ahead() {
    for (apart, stops) in [
        (TimeDelta::zero(), false),
        (TimeDelta::seconds(60), false),
        (TimeDelta::seconds(60) + TimeDelta::nanoseconds(1), true),
        (TimeDelta::hours(1), true),
        (TimeDelta::days(366), true),
    ] {
        for host_now in [hour(0) + apart, hour(0) - apart] {
            let gauge = Gauge {
                host_now,
                ..gauge(5, 0, 0)
            };
            let found = kinds(&Guards::default(), &gauge);
            assert_eq!(found == [BrakeKind::Clock], stops, "{apart}");
            assert_eq!(found.is_empty(), !stops, "{apart}");
        }
    }
}

#[test]
fn every_brake_that_trips_is_said_not_only_the_first() {
    let all = Gauge {
        host_now: hour(9),
        ..gauge(11, 11, 11)
    };
    assert_eq!(
        kinds(&Guards::default(), &all),
        [BrakeKind::Jump, BrakeKind::Clock, BrakeKind::Coverage]
    );
}

#[test]
fn a_brake_says_what_it_saw_and_what_to_do_next() {
    let all = Gauge {
        host_now: hour(9),
        ..gauge(20, 12, 13)
    };
    let because: Vec<String> = Guards::default()
        .brakes(&all)
        .into_iter()
        .map(|brake| brake.because)
        .collect();
    assert!(because[0].starts_with("12 of 20 environments became due since the last sweep"));
    assert!(because[0].contains("--release-brake jump"));
    assert!(
        because[1]
            .starts_with("the ledger's clock and this host's are 9h apart, and 1m is the limit")
    );
    assert!(!because[1].contains("--release-brake"), "a clock is mended");
    assert!(because[2].starts_with("13 of 20 environments could not be seen whole"));
    assert!(because[2].contains("--release-brake coverage"));
}

#[test]
fn only_what_a_person_can_judge_may_be_released() {
    let may: Vec<BrakeKind> = BrakeKind::ALL
        .into_iter()
        .filter(|kind| kind.may_be_released())
        .collect();
    assert_eq!(may, [BrakeKind::Jump, BrakeKind::Coverage]);
}

proptest! {
    #[test]
    fn no_gauge_makes_it_panic_and_more_never_trips_less(
        fleet in any::<u64>(), part in any::<u64>(), more in any::<u64>(),
        jump_count in any::<u32>(), jump_percent in any::<u32>(),
    ) {
        let guards = Guards { jump_count, jump_percent, ..Guards::default() };
        let (less, more) = (part.min(more), part.max(more));
        let trips = |part| !guards.brakes(&gauge(fleet, part, 0)).is_empty();
        prop_assert!(!trips(less) || trips(more));
    }
}
