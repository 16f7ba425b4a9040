//! How a run ends, case by case.

use ledger::{environment::Evidence, fact::Cause, phase::Phase};

use super::*;
use crate::sweep::sample::{self, plan};

fn item(name: &str, verdict: Verdict, rule: Rule) -> Item {
    sample::item(name, verdict, rule, Phase::Expired)
}

fn due(name: &str) -> Item {
    item(name, Verdict::Destroy, Rule::Expiry)
}

fn waiting(name: &str) -> Item {
    item(name, Verdict::Keep, Rule::Retry)
}

fn review(name: &str) -> Item {
    item(name, Verdict::Review, Rule::Expiry)
}

fn blind(mut plan: SweepPlan) -> SweepPlan {
    let cause = Cause("it is no record".to_owned());
    plan.unreadable.push(("environment:x".to_owned(), cause));
    plan
}

fn result(name: &str, outcome: Outcome) -> Result {
    let Item { id, name, .. } = due(name);
    Result { id, name, outcome }
}

fn destroyed(name: &str) -> Result {
    let evidence = Evidence {
        lineage: "lineage".to_owned(),
        serial_before: 1,
        serial_after: 2,
        deleted: Vec::new(),
        strategy: "empty".to_owned(),
        events_sha256: None,
    };
    result(name, Outcome::Destroyed(evidence))
}

fn skipped(name: &str) -> Result {
    result(name, Outcome::Skipped("it is held".to_owned()))
}

/// What no sweep has to do anything about.
fn quiet() -> Vec<Item> {
    vec![
        item("alive", Verdict::Keep, Rule::Alive),
        item("warned", Verdict::Warn, Rule::Grace),
        item("held", Verdict::Hold, Rule::Hold),
        item("busy", Verdict::Keep, Rule::LiveRun),
    ]
}

#[test]
fn a_look_is_clean_only_if_nobody_has_anything_to_do() {
    assert_eq!(after_looking(&plan(quiet())), ExitStatus::Clean);
    for one in [due("a"), waiting("a"), review("a")] {
        let plan = plan([quiet(), vec![one]].concat());
        assert_eq!(after_looking(&plan), ExitStatus::Due);
        assert_eq!(after_looking(&blind(plan.clone())), ExitStatus::Blind);
        let braked = SweepPlan {
            mode: Mode::Braked,
            ..blind(plan)
        };
        assert_eq!(after_looking(&braked), ExitStatus::Brake);
    }
}

#[test]
fn a_sweep_that_did_all_there_was_is_clean() {
    let seen = plan([quiet(), vec![due("a")]].concat());
    assert_eq!(after_sweeping(&seen, &[destroyed("a")]), ExitStatus::Clean);
    assert_eq!(after_sweeping(&plan(quiet()), &[]), ExitStatus::Clean);
}

#[test]
fn what_the_next_sweep_takes_up_is_due_whether_it_was_in_the_plan_or_not() {
    // `b` was deferred, or fell due after the plan was saved: what counts is what there is.
    for left in [due("b"), waiting("b")] {
        let seen = plan(vec![due("a"), left]);
        assert_eq!(after_sweeping(&seen, &[destroyed("a")]), ExitStatus::Due);
        let unseen = blind(seen);
        assert_eq!(
            after_sweeping(&unseen, &[destroyed("a")]),
            ExitStatus::Blind
        );
    }
}

#[test]
fn what_no_sweep_ever_ends_fails_the_sweep_so_that_somebody_hears_of_it() {
    let seen = plan(vec![due("a"), review("b")]);
    assert_eq!(after_sweeping(&seen, &[destroyed("a")]), ExitStatus::Failed);
    let nothing_done = blind(plan(vec![review("b")]));
    assert_eq!(after_sweeping(&nothing_done, &[]), ExitStatus::Failed);
    let seen = plan(vec![due("a")]);
    assert_eq!(after_sweeping(&seen, &[skipped("a")]), ExitStatus::Failed);
    // What was not seen is another thing: perhaps it is seen next time.
    let unseen = Item {
        unseen: Some("it is half a state".to_owned()),
        ..review("a")
    };
    assert_eq!(after_sweeping(&plan(vec![unseen]), &[]), ExitStatus::Blind);
}

#[test]
fn what_is_left_is_told_apart_and_what_was_destroyed_is_not_among_it() {
    let seen = plan(vec![due("a"), review("b"), due("c"), waiting("d")]);
    let results = [destroyed("a"), skipped("c")];
    let left = Remaining::of(&seen, &results);
    let names = |items: &[&Item]| -> Vec<String> {
        items.iter().map(|item| item.name.to_string()).collect()
    };
    assert_eq!(names(&left.due), ["c"]);
    assert_eq!(names(&left.waiting), ["d"]);
    assert_eq!(names(&left.review), ["b"]);
    assert_eq!(names(&left.all().collect::<Vec<_>>()), ["c", "d", "b"]);
}
