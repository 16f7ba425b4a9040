//! Leases: when they end, and when they hold.

use ledger::{
    book::contract::sample::{self, at},
    clock::Timestamp,
    lease::Lease,
    ttl::Ttl,
};
use proptest::{option, prelude::*};

fn lease(ttl: &str, max_ttl: Option<&str>) -> Lease {
    let parse = |text: &str| Ttl::parse(text).expect(text);
    Lease {
        ttl: parse(ttl),
        max_ttl: max_ttl.map(parse),
        ..sample::lease("a", false)
    }
}

#[test]
fn a_lease_holds_until_its_end_and_not_at_it() {
    let lease = lease("4h", None);
    assert_eq!(lease.expires_at(), at(4 * 3600));
    assert!(lease.is_active(at(0)));
    assert!(lease.is_active(at(4 * 3600 - 1)));
    assert!(!lease.is_active(at(4 * 3600)));
}

#[test]
fn a_lease_that_was_given_back_holds_no_longer_however_much_time_is_left() {
    let lease = sample::lease("a", true);
    assert!(at(0) < lease.expires_at());
    assert!(!lease.is_active(at(0)));
}

#[test]
fn renewals_and_extensions_move_the_end_up_to_the_maximum() {
    let hour = |hours: i64| at(hours * 3600);
    let mut lease = lease("4h", Some("10h"));
    lease.renewed_at = hour(3);
    assert_eq!(lease.expires_at(), hour(7));
    lease.extended_until = Some(hour(9));
    assert_eq!(lease.expires_at(), hour(9));
    lease.extended_until = Some(hour(5));
    assert_eq!(lease.expires_at(), hour(7), "an extension never shortens");
    lease.renewed_at = hour(9);
    assert_eq!(lease.expires_at(), hour(10), "never past the maximum");
    lease.max_ttl = None;
    assert_eq!(lease.expires_at(), hour(13));
}

proptest! {
    #[test]
    fn no_lease_outlives_its_maximum_and_none_panics(
        created in instants(), renewed in instants(), extended in option::of(instants()), now in instants(),
    ) {
        let unbounded = Lease {
            created_at: created,
            renewed_at: renewed,
            extended_until: extended,
            ..lease("3650d", None)
        };
        let bounded = Lease { max_ttl: Some(Ttl::hours(10)), ..unbounded.clone() };
        prop_assert!(bounded.expires_at() <= ledger::clock::after(created, Ttl::hours(10).delta()));
        prop_assert!(bounded.expires_at() <= unbounded.expires_at());
        prop_assert!(!bounded.is_active(now) || unbounded.is_active(now));
    }
}

fn instants() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        8 => (-400_000_000..400_000_000_i64).prop_map(at),
        1 => Just(Timestamp::MAX_UTC),
        1 => Just(Timestamp::MIN_UTC),
    ]
}
