//! The order of the rules is written, total and proven: pair by pair, and by what no shield may ever do.

use chrono::TimeDelta;
use ledger::{
    clock::Timestamp,
    environment::Environment,
    fact::{Fact, Facts},
    judge::{Policy, Rule, Verdict, judge},
    tags::StandardTag::{OptOut, Protect},
};
use proptest::prelude::*;

use crate::support::{Seen, Told, any, closed, environment, facts, hour, released, stuck};

/// When every pair is judged.
const NOW: i64 = 10;

type World = (Environment, Facts);

/// What makes one rule decide, whatever else is true.
fn trigger(rule: Rule, (environment, facts): World) -> World {
    match rule {
        Rule::Over => (environment.on(released()), facts),
        Rule::Hold => (environment.held_by("ana"), facts),
        Rule::Protection => (environment.tagged(Protect, "true"), facts),
        Rule::OptOut => (environment.tagged(OptOut, "true"), facts),
        Rule::LiveRun => (environment, facts.run_alive_until(hour(NOW + 1))),
        Rule::Retry => (environment.on(stuck(Some(3), hour(NOW + 1))), facts),
        Rule::ClosedRequest => (environment.of_request(12), facts.request(closed(hour(1)))),
        Rule::Grace => (environment.ttl("10h").grace("1h"), facts),
        Rule::Expiry => (environment.ttl("2h").grace("1h"), facts),
        Rule::Idle => (environment, facts.used(hour(1))),
        Rule::Orphan => (environment, facts.with_state(|state| state.markers.clear())),
        Rule::Alive => (environment, facts),
    }
}

/// Two that cannot both be true: one lifecycle, one point in a life.
fn exclude_each_other(one: Rule, other: Rule) -> bool {
    [(Rule::Over, Rule::Retry), (Rule::Grace, Rule::Expiry)].contains(&(one, other))
}

#[test]
fn of_two_rules_that_both_could_decide_the_earlier_one_does() {
    let plain = || {
        let environment = environment("pr-12");
        let facts = facts(&environment);
        (environment, facts)
    };
    let mut pairs = 0;
    for (place, &first) in Rule::PRECEDENCE.iter().enumerate() {
        for &second in &Rule::PRECEDENCE[place..] {
            if exclude_each_other(first, second) {
                continue;
            }
            for (one, other) in [(first, second), (second, first)] {
                let (environment, facts) = trigger(other, trigger(one, plain()));
                let decision = judge(&environment, &facts, &Policy::default(), hour(NOW));
                assert_eq!(decision.rule, first, "{first} and {second}");
                pairs += 1;
            }
        }
    }
    assert_eq!(pairs, 2 * (12 * 13 / 2 - 2));
}

#[test]
fn the_written_order_is_the_one_in_the_safety_laws() {
    let words: Vec<&str> = Rule::PRECEDENCE.iter().map(|rule| rule.as_str()).collect();
    assert_eq!(
        words.join(" > "),
        "over > hold > protection > opt-out > live-run > retry > closed-request > grace > expiry > idle > orphan > alive"
    );
    assert!(
        Rule::PRECEDENCE.is_sorted(),
        "the order of the type is the order of asking"
    );
}

/// Everything that may be put before an environment to keep it.
#[derive(Debug, Clone)]
enum Shield {
    Hold,
    HoldUntilLater,
    Protect(String),
    PreventDestroy,
    OptOut(String),
    Lock,
    Run,
    UnreadableRuns,
    GapsInTheRuns,
    Review,
    Extension,
    Renewal,
    UnreadableState,
    HalfReadState,
    Backoff,
}

impl Shield {
    /// What it must lead to, if nothing stronger decides.
    fn promise(&self) -> fn(Verdict) -> bool {
        match self {
            Self::Hold
            | Self::HoldUntilLater
            | Self::Protect(_)
            | Self::PreventDestroy
            | Self::OptOut(_) => |verdict| matches!(verdict, Verdict::Hold | Verdict::Keep),
            Self::Run | Self::UnreadableRuns | Self::GapsInTheRuns | Self::Backoff => {
                |verdict| matches!(verdict, Verdict::Hold | Verdict::Keep)
            }
            Self::Lock | Self::Review | Self::UnreadableState | Self::HalfReadState => {
                |verdict| verdict != Verdict::Destroy
            }
            // Time may still run out, and a request may still be closed.
            Self::Extension | Self::Renewal => |_| true,
        }
    }

    fn put_before(&self, (environment, mut facts): World, now: Timestamp) -> World {
        let later = now + TimeDelta::hours(1);
        match self {
            Self::Hold => (environment.held_by("ana"), facts),
            Self::HoldUntilLater => (environment.held_until("ana", later), facts),
            Self::Protect(value) => (environment.tagged(Protect, value), facts),
            Self::PreventDestroy => (environment.prevent_destroy(&["aws_db.main"]), facts),
            Self::OptOut(value) => (environment.tagged(OptOut, value), facts),
            Self::Lock => (environment, facts.locked()),
            Self::Run => (environment, facts.run_alive_until(later)),
            Self::UnreadableRuns => {
                facts.run = Fact::unreadable("timeout", "the ledger", now);
                (environment, facts)
            }
            Self::GapsInTheRuns => {
                facts.run.complete = false;
                (environment, facts)
            }
            Self::Review => (environment.reviewed(), facts),
            Self::Extension => {
                let until = environment
                    .extended_until
                    .map_or(later, |until| until.max(later));
                (environment.extended(until), facts)
            }
            Self::Renewal => {
                let at = environment.renewed_at.max(now);
                (environment.renewed(at), facts)
            }
            Self::UnreadableState => (environment, facts.unreadable_state()),
            Self::HalfReadState => (environment, facts.half_read_state()),
            Self::Backoff => (environment.on(stuck(Some(u64::MAX), later)), facts),
        }
    }
}

fn shield() -> impl Strategy<Value = Shield> {
    let not_false =
        "\\PC{0,6}|true|yes|no|False|0".prop_filter("false is no shield", |v| v != "false");
    let fixed = prop::sample::select(vec![
        Shield::Hold,
        Shield::HoldUntilLater,
        Shield::PreventDestroy,
        Shield::Lock,
        Shield::Run,
        Shield::UnreadableRuns,
        Shield::GapsInTheRuns,
        Shield::Review,
        Shield::Extension,
        Shield::Renewal,
        Shield::UnreadableState,
        Shield::HalfReadState,
        Shield::Backoff,
    ]);
    prop_oneof![
        1 => not_false.clone().prop_map(Shield::Protect),
        1 => not_false.prop_map(Shield::OptOut),
        6 => fixed,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn no_shield_ever_turns_anything_into_a_destroy(world in any::world(), shield in shield()) {
        let any::World { environment, facts, policy, now } = world;
        // Nothing is alive at the last instant there is: leave room for something later.
        let now = now.min(Timestamp::MAX_UTC - TimeDelta::hours(1));
        let before = judge(&environment, &facts, &policy, now).verdict;
        let (environment, facts) = shield.put_before((environment, facts), now);
        let after = judge(&environment, &facts, &policy, now);
        if before != Verdict::Destroy {
            prop_assert_ne!(after.verdict, Verdict::Destroy, "{:?}: {}", shield, after.because);
        }
        prop_assert!(shield.promise()(after.verdict), "{:?}: {:?}", shield, after);
    }
}
