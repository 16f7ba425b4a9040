//! What runs say of an environment: which concern it, which counts, and what the judge makes of it.

use chrono::TimeDelta;
use ledger::{
    book::contract::sample,
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Facts, Observed},
    id::Fence,
    judge::{Policy, Rule, Verdict, judge},
    liveness::{Runs, concerns},
    run::{Run, RunEnd},
    state_address::StateAddress,
};
use proptest::prelude::*;

use crate::support::{Told, environment, facts, hour};

fn local(path: &str) -> StateAddress {
    StateAddress::new("local", [("path".to_owned(), path.to_owned())], "default")
}

/// A run at work on the state of `pr-12`, last heard of at `hours`.
fn run(id: &str, hours: i64) -> Run {
    Run {
        state: environment("pr-12").state,
        opened_at: hour(hours),
        renewed_at: hour(hours),
        ..sample::run(id, false)
    }
}

fn closed(run: Run, at: Timestamp) -> Run {
    Run {
        end: Some(RunEnd::Closed { at }),
        ..run
    }
}

fn runs(runs: impl Into<Vec<Run>>) -> Runs {
    Runs {
        runs: runs.into(),
        unreadable: Vec::new(),
    }
}

/// Everything in order, and what `runs` say.
fn seen(environment: &Environment, runs: &Runs, now: Timestamp) -> Facts {
    Facts {
        run: runs.run_fact(environment, now),
        activity: runs.activity(environment, now),
        ..facts(environment)
    }
}

/// An environment long past its end.
fn overdue() -> Environment {
    environment("pr-12").ttl("1h").max("1h").grace("1h")
}

fn decided(runs: &Runs, now: Timestamp) -> (Verdict, Rule) {
    let environment = overdue();
    let decision = judge(
        &environment,
        &seen(&environment, runs, now),
        &Policy::default(),
        now,
    );
    (decision.verdict, decision.rule)
}

#[test]
fn a_run_concerns_what_it_names_and_what_has_its_state() {
    let environment = environment("pr-12");
    let elsewhere = || Run {
        state: Some(local("/srv/other.tfstate")),
        ..run("a", 0)
    };
    let named = |name: &str| Run {
        environment: Some(name.to_owned()),
        ..elsewhere()
    };
    assert!(concerns(&run("a", 0), &environment));
    assert!(!concerns(&elsewhere(), &environment));
    assert!(concerns(&named("pr-12"), &environment));
    assert!(concerns(&named(environment.id.as_str()), &environment));
    assert!(!concerns(&named("pr-1"), &environment));
    let nowhere = Run {
        state: None,
        ..run("a", 0)
    };
    let homeless = Environment {
        state: None,
        ..environment.clone()
    };
    assert!(!concerns(&nowhere, &environment));
    assert!(!concerns(&nowhere, &homeless), "two unknowns are not one");
    let sweepers = Run {
        fence: Some(Fence(4)),
        environment: Some("pr-12".to_owned()),
        ..run("a", 0)
    };
    assert!(!concerns(&sweepers, &environment), "its own destroy");
}

#[test]
fn a_live_run_keeps_what_is_overdue_until_its_renewal_is_missed() {
    let moment = TimeDelta::milliseconds(1);
    let until = hour(50) + TimeDelta::minutes(2);
    let one = runs([run("a", 50)]);
    assert_eq!(decided(&one, hour(50)), (Verdict::Keep, Rule::LiveRun));
    assert_eq!(
        decided(&one, until - moment),
        (Verdict::Keep, Rule::LiveRun)
    );
    assert_eq!(decided(&one, until), (Verdict::Destroy, Rule::Expiry));
}

#[test]
fn of_several_runs_one_alive_is_enough() {
    let many = runs([run("a", 1), run("b", 50), closed(run("c", 60), hour(60))]);
    assert_eq!(decided(&many, hour(50)), (Verdict::Keep, Rule::LiveRun));
    let fact = many.run_fact(&overdue(), hour(50));
    assert_eq!(fact.seen().map(|run| run.run.as_str()), Some("run-b"));
}

#[test]
fn a_closed_run_keeps_nothing_and_is_no_death() {
    let one = runs([closed(run("a", 50), hour(50))]);
    assert_eq!(decided(&one, hour(50)), (Verdict::Destroy, Rule::Expiry));
    let fact = one.run_fact(&overdue(), hour(50));
    assert_eq!(fact.answer, Observed::Absent);
    assert!(fact.source.contains("run-a and was closed"), "{fact:?}");
}

#[test]
fn a_death_is_told_with_its_time_unless_a_later_run_was_closed() {
    let dead = runs([run("a", 1), run("b", 2)]).run_fact(&overdue(), hour(50));
    let told = dead.seen().expect("a dead run is known");
    assert_eq!((told.run.as_str(), told.renewed_at), ("run-b", hour(2)));
    let over = runs([run("a", 1), closed(run("b", 2), hour(2))]).run_fact(&overdue(), hour(50));
    assert_eq!(over.answer, Observed::Absent);
}

#[test]
fn a_run_that_cannot_be_read_keeps_everything() {
    let blind = Runs {
        runs: vec![closed(run("a", 1), hour(1))],
        unreadable: vec![("run-x".to_owned(), Cause("spoiled".to_owned()))],
    };
    assert_eq!(decided(&blind, hour(50)), (Verdict::Keep, Rule::LiveRun));
    let fact = blind.run_fact(&overdue(), hour(50));
    assert!(
        matches!(&fact.answer, Observed::Unreadable(cause) if cause.0.contains("run-x")),
        "{fact:?}"
    );
    let activity = blind.activity(&overdue(), hour(50));
    assert!(matches!(activity.answer, Observed::Unreadable(_)));
}

#[test]
fn a_run_counts_as_use_and_its_absence_never_as_disuse() {
    let environment = environment("pr-12").ttl("100h").max("200h");
    let one = runs([closed(run("a", 10), hour(11))]);
    let activity = one.activity(&environment, hour(60));
    assert_eq!(activity.answer, Observed::Known(hour(11)));
    // Two days without a run, and people may be using it all the time.
    let kept = judge(
        &environment,
        &seen(&environment, &one, hour(60)),
        &Policy::default(),
        hour(60),
    );
    assert_eq!((kept.verdict, kept.rule), (Verdict::Keep, Rule::Alive));
}

#[test]
fn only_the_last_ended_run_of_a_place_is_looked_at_again() {
    let other_place = Run {
        environment: Some("pr-9".to_owned()),
        ..closed(run("other", 1), hour(1))
    };
    let sweepers = Run {
        fence: Some(Fence(4)),
        ..closed(run("sweepers", 9), hour(9))
    };
    let all = runs([
        closed(run("a", 1), hour(1)),
        closed(run("b", 3), hour(3)),
        closed(run("c", 2), hour(2)),
        run("open", 1),
        other_place,
        sweepers,
    ]);
    let mut over: Vec<String> = all.superseded().iter().map(ToString::to_string).collect();
    over.sort();
    assert_eq!(over, ["run-a", "run-c", "run-sweepers"]);
}

#[test]
fn deaths_are_noted_once_and_with_both_times() {
    let noted_at = hour(50);
    let all = runs([run("a", 1), run("b", 50), closed(run("c", 1), hour(1))]);
    let deaths = all.deaths(noted_at);
    assert_eq!(deaths.len(), 1);
    assert_eq!(deaths[0].id.as_str(), "run-a");
    let at = hour(1) + TimeDelta::minutes(2);
    assert_eq!(deaths[0].end, Some(RunEnd::Died { at, noted_at }));
    assert!(runs(deaths).deaths(hour(51)).is_empty());
}

proptest! {
    /// Whatever is set aside: the facts of every environment stay what they were.
    #[test]
    fn what_is_set_aside_tells_nothing(
        places in proptest::collection::vec((0..3_u8, 0..40_i64, 0..4_u8), 1..12), now in 0..60_i64,
    ) {
        let all: Vec<Run> = places
            .into_iter()
            .enumerate()
            .map(|(number, (place, hours, end))| {
                let run = Run {
                    state: (place < 2).then(|| local(&format!("/srv/pr-{place}.tfstate"))),
                    environment: (place == 2).then(|| "pr-0".to_owned()),
                    fence: (end == 3).then_some(Fence(1)),
                    ..run(&format!("r{number}"), hours)
                };
                match end {
                    0 => run,
                    1 => Run { end: Some(RunEnd::Died { at: run.alive_until(), noted_at: hour(60) }), ..run },
                    _ => closed(run, hour(hours + 1)),
                }
            })
            .collect();
        let whole = runs(all.clone());
        let over = whole.superseded();
        let less: Vec<Run> = all.iter().filter(|run| !over.contains(&&run.id)).cloned().collect();
        let less = runs(less);
        prop_assert!(less.superseded().is_empty());
        for place in 0..2 {
            let environment = Environment {
                state: Some(local(&format!("/srv/pr-{place}.tfstate"))),
                ..environment(&format!("pr-{place}"))
            };
            let now = hour(now);
            prop_assert_eq!(less.run_fact(&environment, now).answer, whole.run_fact(&environment, now).answer);
            prop_assert_eq!(less.activity(&environment, now).answer, whole.activity(&environment, now).answer);
        }
    }
}
