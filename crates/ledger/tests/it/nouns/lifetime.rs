//! Lifetimes: the five durations against each other, and the laws of the instants that follow.

use chrono::TimeDelta;
use ledger::{
    book::contract::sample::at,
    clock::{Timestamp, after, from_millis, to_millis},
    lifetime::{Lifetime, LifetimeError},
    ttl::Ttl,
};
use proptest::{option, prelude::*};

fn ttl(text: &str) -> Ttl {
    Ttl::parse(text).expect(text)
}

fn lifetime(ttl_text: &str, max: &str) -> Lifetime {
    Lifetime {
        ttl: ttl(ttl_text),
        max: ttl(max),
        ..Lifetime::default()
    }
}

#[test]
fn the_defaults_are_the_documented_ones_and_keep_their_own_rules() {
    let spellings = |lifetime: &Lifetime| {
        [
            &lifetime.ttl,
            &lifetime.max,
            &lifetime.idle,
            &lifetime.hibernate_after,
            &lifetime.grace,
        ]
        .map(|ttl| ttl.spelling().to_owned())
    };
    let default = Lifetime::default();
    assert_eq!(spellings(&default), ["72h", "72h", "8h", "4h", "1h"]);
    assert_eq!(default.clone().checked(), Ok(default));
}

#[test]
fn a_ttl_over_the_maximum_is_refused_with_the_attribute_to_change() {
    assert!(lifetime("72h", "3d").checked().is_ok(), "equal is allowed");
    let error = lifetime("73h", "3d").checked().expect_err("over");
    assert!(matches!(error, LifetimeError::TtlOverMax { .. }));
    assert_eq!(
        error.to_string(),
        "`ttl` (3d1h) is longer than `max` (3d); lower `ttl` to at most `3d`, or raise `max`"
    );
}

#[test]
fn hibernation_after_the_idle_end_is_refused_with_the_attribute_to_change() {
    let with = |idle: &str, hibernate_after: &str| Lifetime {
        idle: ttl(idle),
        hibernate_after: ttl(hibernate_after),
        ..Lifetime::default()
    };
    assert!(with("8h", "8h").checked().is_ok(), "equal is allowed");
    let error = with("8h", "9h").checked().expect_err("over");
    assert!(matches!(error, LifetimeError::HibernateAfterIdle { .. }));
    assert!(error.to_string().contains("lower it to at most `8h`"));
}

#[test]
fn expiry_counts_from_the_renewal_and_ends_at_the_hard_end() {
    let lifetime = lifetime("2h", "5h");
    let hour = |hours: i64| at(hours * 3600);
    assert_eq!(lifetime.hard_end(hour(0)), hour(5));
    let cases = [
        // (renewed at, extended until, expiry)
        (0, None, 2),
        (1, None, 3),
        (3, None, 5),
        (4, None, 5),
        (0, Some(4), 4),
        (0, Some(1), 2),
        (0, Some(9), 5),
        (2, Some(3), 4),
    ];
    for (renewed, extended, expiry) in cases {
        assert_eq!(
            lifetime.expiry(hour(0), hour(renewed), extended.map(hour)),
            hour(expiry),
            "renewed {renewed}, extended {extended:?}"
        );
    }
}

#[test]
fn time_stops_at_the_ends_of_the_calendar_instead_of_panicking() {
    let last = Timestamp::MAX_UTC;
    let lifetime = lifetime("3650d", "3650d");
    assert_eq!(lifetime.hard_end(last), last);
    assert_eq!(lifetime.expiry(last, last, Some(last)), last);
    assert_eq!(
        after(Timestamp::MIN_UTC, TimeDelta::MIN),
        Timestamp::MIN_UTC
    );
    assert_eq!(after(at(0), TimeDelta::MAX), last);
    assert_eq!(after(at(0), TimeDelta::seconds(5)), at(5));
    let stored = from_millis(to_millis(last)).expect("the last instant can be stored");
    assert!(lifetime.hard_end(stored) <= last);
}

fn durations() -> impl Strategy<Value = Ttl> {
    (1..=315_360_000_i64).prop_map(|seconds| ttl(&format!("{seconds}s")))
}

fn instants() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (-400_000_000..400_000_000_i64).prop_map(at),
        1 => (to_millis(Timestamp::MIN_UTC)..=to_millis(Timestamp::MAX_UTC))
            .prop_map(|millis| from_millis(millis).expect("in range")),
        1 => Just(Timestamp::MAX_UTC),
        1 => Just(Timestamp::MIN_UTC),
    ]
}

proptest! {
    #[test]
    fn no_renewal_and_no_extension_passes_the_hard_end(
        ttl in durations(), max in durations(), created in instants(), renewed in instants(),
        extended in option::of(instants()),
    ) {
        let lifetime = Lifetime { ttl, max, ..Lifetime::default() };
        prop_assert!(lifetime.expiry(created, renewed, extended) <= lifetime.hard_end(created));
    }

    #[test]
    fn renewing_never_shortens(
        ttl in durations(), max in durations(), created in instants(), renewed in instants(),
        again in instants(), extended in option::of(instants()),
    ) {
        let lifetime = Lifetime { ttl, max, ..Lifetime::default() };
        let (first, later) = (renewed.min(again), renewed.max(again));
        prop_assert!(
            lifetime.expiry(created, first, extended) <= lifetime.expiry(created, later, extended)
        );
    }

    #[test]
    fn extending_never_shortens(
        ttl in durations(), max in durations(), created in instants(), renewed in instants(),
        before in option::of(instants()), until in instants(),
    ) {
        let lifetime = Lifetime { ttl, max, ..Lifetime::default() };
        let longer = before.map_or(until, |end| end.max(until));
        prop_assert!(
            lifetime.expiry(created, renewed, before) <= lifetime.expiry(created, renewed, Some(longer))
        );
    }

    #[test]
    fn a_longer_ttl_or_maximum_never_shortens(
        ttl in durations(), longer in durations(), max in durations(), higher in durations(),
        created in instants(), renewed in instants(), extended in option::of(instants()),
    ) {
        let small = Lifetime { ttl: ttl.clone().min(longer.clone()), max: max.clone().min(higher.clone()),
            ..Lifetime::default() };
        let large = Lifetime { ttl: ttl.max(longer), max: max.max(higher), ..Lifetime::default() };
        prop_assert!(
            small.expiry(created, renewed, extended) <= large.expiry(created, renewed, extended)
        );
    }
}
