//! The phase: where an environment is in its life, derived and never stored.

use ledger::{
    environment::{Environment, Lifecycle},
    fact::Fact,
    phase::{Phase, phase},
};

use crate::support::{
    Seen, Told, destroyed, destroying, environment, facts, hour, released, stuck,
};

/// Expires at hour 2, due at hour 3.
fn short() -> Environment {
    environment("pr-12").ttl("2h").grace("1h")
}

#[test]
fn the_record_and_the_time_alone() {
    let unseen = |environment: Environment| Environment {
        marker_seen_at: None,
        ..environment
    };
    let nowhere = |environment: Environment| Environment {
        state: None,
        ..unseen(environment)
    };
    let cases = [
        (nowhere(short()), 0, Phase::Requested),
        (unseen(short()), 0, Phase::Provisioning),
        (short(), 0, Phase::Ready),
        (short(), 1, Phase::Ready),
        (short(), 2, Phase::Expiring),
        (short(), 3, Phase::Expired),
        (nowhere(short()), 3, Phase::Expired),
        (short().hibernated(), 1, Phase::Hibernated),
        (short().hibernated(), 2, Phase::Expiring),
        (short().on(destroying(3)), 1, Phase::Destroying),
        (short().on(stuck(None, hour(9))), 9, Phase::Stuck),
        (short().on(destroyed()), 9, Phase::Destroyed),
        (short().on(released()), 9, Phase::Released),
        (short().held_until("ana", hour(5)), 4, Phase::Held),
        (short().held_until("ana", hour(5)), 5, Phase::Expired),
    ];
    for (environment, now, expected) in cases {
        assert_eq!(
            phase(&environment, None, hour(now)),
            expected,
            "{:?} at hour {now}",
            environment.lifecycle
        );
    }
}

#[test]
fn an_end_outranks_a_hold_and_a_hold_outranks_a_teardown_that_has_not_ended() {
    let held = |lifecycle: Lifecycle| phase(&short().held_by("ana").on(lifecycle), None, hour(9));
    assert_eq!(held(destroyed()), Phase::Destroyed);
    assert_eq!(held(released()), Phase::Released);
    assert_eq!(held(destroying(3)), Phase::Held);
    assert_eq!(held(stuck(None, hour(9))), Phase::Held);
    assert_eq!(held(Lifecycle::Living), Phase::Held);
}

#[test]
fn use_tells_active_from_idle_where_it_is_known_for_sure() {
    let living = environment("pr-12");
    let at = |used: i64, now: i64| {
        let facts = facts(&living).used(hour(used));
        phase(&living, Some(&facts), hour(now))
    };
    assert_eq!(at(1, 4), Phase::Active);
    assert_eq!(at(1, 5), Phase::Idle, "unused for four hours");
    assert_eq!(at(90, 5), Phase::Active, "in the future");
    let renewed = environment("pr-12").renewed(hour(4));
    let unused = facts(&renewed).used(hour(0));
    assert_eq!(
        phase(&renewed, Some(&unused), hour(5)),
        Phase::Active,
        "just renewed"
    );
    let mut blind = facts(&living);
    blind.activity = Fact::unreadable("404", "the proxy", hour(0));
    assert_eq!(phase(&living, Some(&blind), hour(5)), Phase::Ready);
    let mut gaps = facts(&living).used(hour(1));
    gaps.activity.complete = false;
    assert_eq!(phase(&living, Some(&gaps), hour(5)), Phase::Ready);
}

#[test]
fn the_words_of_the_phases_read_back() {
    for phase in Phase::ALL {
        assert_eq!(Phase::parse(phase.as_str()), Some(phase));
        assert_eq!(phase.to_string(), phase.as_str());
    }
    assert_eq!(["", "Ready", "gone"].map(Phase::parse), [None; 3]);
}
