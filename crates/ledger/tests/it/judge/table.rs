//! The truth table: a line a case, and for each the verdict and the rule that gave it.

use chrono::TimeDelta;
use ledger::{
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Facts, Observed, RequestFact},
    judge::{Decision, Policy, Rule, judge},
    tags::StandardTag::{OptOut, Protect},
};

use crate::support::{
    Seen, Told, closed, destroyed, destroying, environment, facts, hour, released, stuck,
};

/// Judges, holds the derivation to its form, and returns the decision.
#[track_caller]
pub(crate) fn judged(environment: &Environment, facts: &Facts, now: Timestamp) -> Decision {
    let decision = judge(environment, facts, &Policy::default(), now);
    let asked: Vec<Rule> = decision
        .derivation
        .iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(asked, Rule::PRECEDENCE[..asked.len()], "asked in order");
    let (last, before) = decision.derivation.split_last().expect("at least one rule");
    assert!(before.iter().all(|finding| finding.verdict.is_none()));
    assert_eq!(
        (last.rule, last.verdict, &last.because),
        (decision.rule, Some(decision.verdict), &decision.because)
    );
    assert!(
        decision
            .derivation
            .iter()
            .all(|finding| !finding.because.is_empty())
    );
    decision
}

/// `verdict by rule`.
#[track_caller]
pub(crate) fn verdict(environment: &Environment, facts: &Facts, now: Timestamp) -> String {
    let decision = judged(environment, facts, now);
    format!("{} by {}", decision.verdict, decision.rule)
}

/// A case, its environment, how the facts differ from the ordinary, the time, and the answer.
type Line = (
    &'static str,
    Environment,
    fn(Facts) -> Facts,
    Timestamp,
    &'static str,
);

#[track_caller]
fn table(lines: Vec<Line>) {
    for (case, environment, differ, now, expected) in lines {
        let facts = differ(facts(&environment));
        assert_eq!(verdict(&environment, &facts, now), expected, "{case}");
    }
}

fn as_usual(facts: Facts) -> Facts {
    facts
}

fn unreadable<T>() -> Observed<T> {
    Observed::Unreadable(Cause("timeout".to_owned()))
}

/// Created at hour 0 for two hours, with a grace of one: expires at hour 2, due at hour 3.
fn short() -> Environment {
    environment("pr-12").ttl("2h").grace("1h")
}

/// Lives for days; idle after 8 h, hibernated after 4 h, a grace of 1 h.
fn long() -> Environment {
    environment("pr-12")
}

fn unseen(environment: Environment) -> Environment {
    Environment {
        marker_seen_at: None,
        lineage: None,
        ..environment
    }
}

#[test]
#[rustfmt::skip]
fn time_alone() {
    let second = TimeDelta::seconds(1);
    table(vec![
        ("fresh", long(), as_usual, hour(0), "keep by alive"),
        ("a second before the warning", long(), as_usual, hour(60) - second, "keep by alive"),
        ("twelve hours left", long(), as_usual, hour(60), "warn by alive"),
        ("the last second", short(), as_usual, hour(2) - second, "warn by alive"),
        ("expired this second", short(), as_usual, hour(2), "warn by grace"),
        ("the last second of grace", short(), as_usual, hour(3) - second, "warn by grace"),
        ("due this second", short(), as_usual, hour(3), "destroy by expiry"),
        ("long due", short(), as_usual, hour(9000), "destroy by expiry"),
        ("renewed", short().renewed(hour(2)), as_usual, hour(3), "warn by alive"),
        ("renewed past the hard end", short().max("3h").renewed(hour(3)), as_usual, hour(4), "destroy by expiry"),
        ("extended", short().extended(hour(5)), as_usual, hour(4), "warn by alive"),
        ("extended past the hard end", short().max("3h").extended(hour(9)), as_usual, hour(4), "destroy by expiry"),
        ("for review only", short().reviewed(), as_usual, hour(9), "review by expiry"),
        ("made in the future", short().created(hour(9)), as_usual, hour(3), "warn by alive"),
        ("never seen in its state", unseen(short()), as_usual, hour(3), "destroy by expiry"),
        ("hibernated and due", short().hibernated(), as_usual, hour(3), "destroy by expiry"),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_life_that_is_over_is_left_alone() {
    table(vec![
        ("destroyed", short().on(destroyed()), as_usual, hour(9), "keep by over"),
        ("released", short().on(released()), as_usual, hour(9), "keep by over"),
        ("released, then held", short().on(released()).held_by("ana"), as_usual, hour(9), "keep by over"),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_hold_outlasts_expiry() {
    table(vec![
        ("held", short().held_by("ana"), as_usual, hour(9), "hold by hold"),
        ("held while alive", long().held_by("ana"), as_usual, hour(1), "hold by hold"),
        ("held for a while", short().held_until("ana", hour(10)), as_usual, hour(9), "hold by hold"),
        ("the hold ends now", short().held_until("ana", hour(9)), as_usual, hour(9), "destroy by expiry"),
        ("the hold is over", short().held_until("ana", hour(8)), as_usual, hour(9), "destroy by expiry"),
    ]);
}

#[test]
fn an_expired_environment_under_hold_says_who_holds_it_and_why() {
    let held = short().held_by("ana@laptop");
    assert_eq!(
        judged(&held, &facts(&held), hour(9)).because,
        "held by ana@laptop (local, claimed) until it is lifted: demo on Friday"
    );
}

#[test]
fn a_switch_that_cannot_be_parsed_protects() {
    let odd = [
        "yes", "no", "0", "1", "", " false", "false ", "False", "TRUE", "fasle", "null", "\u{0}",
    ];
    for (tag, rule) in [(Protect, "hold by protection"), (OptOut, "hold by opt-out")] {
        for value in odd.into_iter().chain(["true"]) {
            let tagged = short().tagged(tag, value);
            let said = verdict(&tagged, &facts(&tagged), hour(9));
            assert_eq!(said, rule, "{value:?}");
        }
        let open = short().tagged(tag, "false");
        assert_eq!(verdict(&open, &facts(&open), hour(9)), "destroy by expiry");
    }
    let odd = short().tagged(Protect, "no");
    let because = judged(&odd, &facts(&odd), hour(9)).because;
    assert!(
        because.contains("is `no`, which is neither `true` nor `false`"),
        "{because}"
    );
}

#[test]
fn prevent_destroy_in_the_configuration_protects_and_is_named() {
    let none = short().prevent_destroy(&[]);
    assert_eq!(verdict(&none, &facts(&none), hour(9)), "destroy by expiry");
    let some = short().prevent_destroy(&["aws_db.main", "aws_s3_bucket.logs"]);
    assert_eq!(verdict(&some, &facts(&some), hour(9)), "hold by protection");
    assert_eq!(
        judged(&some, &facts(&some), hour(9)).because,
        "its configuration sets `prevent_destroy` on aws_db.main, aws_s3_bucket.logs"
    );
}

#[test]
#[rustfmt::skip]
fn nobody_is_destroyed_at_work() {
    fn gaps(mut facts: Facts) -> Facts {
        facts.run.complete = false;
        facts
    }
    fn blind(mut facts: Facts) -> Facts {
        facts.run.answer = unreadable();
        facts
    }
    table(vec![
        ("locked", short(), Seen::locked, hour(9), "keep by live-run"),
        ("a run that lives", short(), |f| f.run_alive_until(hour(10)), hour(9), "keep by live-run"),
        ("a run that died now", short(), |f| f.run_alive_until(hour(9)), hour(9), "destroy by expiry"),
        ("a run that died", short(), |f| f.run_alive_until(hour(8)), hour(9), "destroy by expiry"),
        ("a dead run, gaps", short(), |f| gaps(f.run_alive_until(hour(8))), hour(9), "keep by live-run"),
        ("no run, gaps", short(), gaps, hour(9), "keep by live-run"),
        ("runs unreadable", short(), blind, hour(9), "keep by live-run"),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_request_counts_only_when_an_authority_says_it_is_closed() {
    fn gaps(mut facts: Facts) -> Facts {
        facts.change_request.complete = false;
        facts
    }
    fn gone(mut facts: Facts) -> Facts {
        facts.change_request.answer = Observed::Absent;
        facts
    }
    fn blind(mut facts: Facts) -> Facts {
        facts.change_request.answer = unreadable();
        facts
    }
    fn merged(facts: Facts) -> Facts {
        facts.request(RequestFact::Closed { at: hour(1), merged: true })
    }
    let ours = || long().of_request(12);
    table(vec![
        ("closed", ours(), |f| f.request(closed(hour(1))), hour(2), "destroy by closed-request"),
        ("merged", ours(), merged, hour(2), "destroy by closed-request"),
        ("open", ours(), as_usual, hour(2), "keep by alive"),
        ("open and expired", short().of_request(12), as_usual, hour(9), "destroy by expiry"),
        ("closed, in grace", short().of_request(12), merged, hour(2), "destroy by closed-request"),
        ("closed, for review", ours().reviewed(), merged, hour(2), "review by closed-request"),
        ("closed, but not a request of ours", long(), merged, hour(2), "keep by alive"),
        ("not found", ours(), gone, hour(2), "keep by alive"),
        ("not found, gaps", ours(), |f| gaps(gone(f)), hour(2), "keep by alive"),
        ("unreadable", ours(), blind, hour(2), "keep by alive"),
        ("closed, gaps", ours(), |f| gaps(merged(f)), hour(2), "keep by alive"),
    ]);
}

#[test]
#[rustfmt::skip]
fn what_failed_is_tried_again_when_its_time_has_come_whatever_made_it_due() {
    let ours = || short().of_request(12);
    let closed_one: fn(Facts) -> Facts = |facts| facts.request(closed(hour(1)));
    let until_20 = short().extended(hour(20));
    table(vec![
        ("not yet", short().on(stuck(Some(3), hour(10))), as_usual, hour(9), "keep by retry"),
        ("now", short().on(stuck(Some(3), hour(9))), as_usual, hour(9), "destroy by expiry"),
        ("closed, not yet", ours().on(stuck(Some(3), hour(10))), closed_one, hour(9), "keep by retry"),
        ("closed, now", ours().on(stuck(Some(3), hour(9))), closed_one, hour(9), "destroy by closed-request"),
        ("extended meanwhile", until_20.on(stuck(None, hour(9))), as_usual, hour(9), "warn by alive"),
        ("cut off", short().on(destroying(3)), as_usual, hour(9), "destroy by expiry"),
    ]);
}

#[test]
#[rustfmt::skip]
fn idleness_hibernates_then_warns_then_destroys_and_use_wakes() {
    fn used(facts: Facts) -> Facts {
        facts.used(hour(3))
    }
    fn gaps(facts: Facts) -> Facts {
        let mut facts = used(facts);
        facts.activity.complete = false;
        facts
    }
    fn blind(mut facts: Facts) -> Facts {
        facts.activity.answer = unreadable();
        facts
    }
    let minute = TimeDelta::minutes(1);
    table(vec![
        ("in use", long(), used, hour(6), "keep by alive"),
        ("almost four hours", long(), used, hour(7) - minute, "keep by alive"),
        ("four hours", long(), used, hour(7), "hibernate by idle"),
        ("hibernated already", long().hibernated(), used, hour(7), "keep by alive"),
        ("used again", long().hibernated(), used, hour(4), "wake by idle"),
        ("almost eight hours", long(), used, hour(11) - minute, "hibernate by idle"),
        ("eight hours", long(), used, hour(11), "warn by idle"),
        ("almost nine hours", long(), used, hour(12) - minute, "warn by idle"),
        ("nine hours, grace over", long(), used, hour(12), "destroy by idle"),
        ("nine hours, for review", long().reviewed(), used, hour(12), "review by idle"),
        ("nine hours, gaps", long(), gaps, hour(12), "keep by alive"),
        ("unreadable", long(), blind, hour(12), "keep by alive"),
        ("used in the future", long(), |f| f.used(hour(30)), hour(12), "keep by alive"),
        ("unused since a former life", long().created(hour(50)), used, hour(51), "keep by alive"),
        ("unused, but just renewed", long().renewed(hour(11)), used, hour(12), "keep by alive"),
        ("unused, but extended", long().extended(hour(13)), used, hour(12), "hibernate by idle"),
        ("the extension is over", long().extended(hour(12)), used, hour(12), "destroy by idle"),
    ]);
}

#[test]
#[rustfmt::skip]
fn a_state_that_no_longer_fits_is_a_persons_business() {
    fn stripped(facts: Facts) -> Facts {
        facts.with_state(|state| state.markers.clear())
    }
    table(vec![
        ("gone", long(), Seen::without_state, hour(1), "review by orphan"),
        ("gone before anybody saw it", unseen(long()), Seen::without_state, hour(1), "keep by alive"),
        ("without its marker", long(), stripped, hour(1), "review by orphan"),
        ("gone, gaps", long(), |f| f.without_state().half_read_state(), hour(1), "keep by alive"),
        ("without its marker, gaps", long(), |f| stripped(f).half_read_state(), hour(1), "keep by alive"),
        ("unreadable", long(), Seen::unreadable_state, hour(1), "keep by alive"),
        ("due and gone", short(), Seen::without_state, hour(9), "review by expiry"),
        ("due and unreadable", short(), Seen::unreadable_state, hour(9), "review by expiry"),
        ("due, gaps", short(), Seen::half_read_state, hour(9), "review by expiry"),
        ("due and locked, gaps", short(), |f| f.locked().half_read_state(), hour(9), "review by expiry"),
    ]);
}
