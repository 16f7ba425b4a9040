//! The rate: at most so many destroys a sweep, oldest first; the rest is deferred, and said so.

use ledger::{
    plan::{Disposition, Mode},
    stored::plan::digest,
};

use crate::support::{
    Seen, Told, environment, facts, stuck,
    sweep::{
        Swept, deferred, destroyed_names, due, many_alive, many_due, now, ordinary, seen, sweep,
    },
};

#[test]
fn the_oldest_go_first_and_the_rest_waits_with_the_reason() {
    let mut candidates = many_due("pr", 5);
    candidates.reverse();
    let plan = sweep(candidates).rate(3).planned();
    assert_eq!(plan.mode, Mode::Act);
    assert_eq!(destroyed_names(&plan), ["pr-1", "pr-2", "pr-3"]);
    let because = "the rate is 3 destroys a sweep; older ones go first";
    assert_eq!(deferred(&plan), [("pr-4", because), ("pr-5", because)]);
    assert_eq!(plan.due().count(), 5);
}

#[test]
fn twenty_is_the_rate_unless_told_otherwise() {
    let candidates = |count| [many_due("pr", count), many_alive("up", 30)].concat();
    let all = sweep(candidates(20)).known_before().planned();
    assert_eq!((destroyed_names(&all).len(), deferred(&all).len()), (20, 0));
    let more = sweep(candidates(21)).known_before().planned();
    assert_eq!(
        (destroyed_names(&more).len(), deferred(&more).len()),
        (20, 1)
    );
    assert_eq!(deferred(&more)[0].0, "pr-21", "the youngest waits");
}

#[test]
fn what_keeps_failing_never_takes_all_the_places_and_never_none() {
    let failed = |count| -> Vec<_> {
        (1..=count)
            .map(|number| {
                let name = format!("failed-{number}");
                ordinary(due(&name, 200 - number).on(stuck(Some(3), now())))
            })
            .collect()
    };
    let destroyed = |failing, fresh, rate| -> (usize, usize) {
        let plan = sweep([failed(failing), many_due("pr", fresh)].concat())
            .rate(rate)
            .known_before()
            .planned();
        let names = destroyed_names(&plan);
        let again = names
            .iter()
            .filter(|name| name.starts_with("failed"))
            .count();
        (again, names.len() - again)
    };
    assert_eq!(
        destroyed(20, 20, 8),
        (2, 6),
        "a quarter where places are scarce"
    );
    assert_eq!(destroyed(20, 3, 8), (5, 3), "what is left over");
    assert_eq!(destroyed(1, 20, 8), (1, 7));
    assert_eq!(destroyed(3, 0, 8), (3, 0));
    assert_eq!(destroyed(2, 2, 2), (1, 1));
    assert_eq!(destroyed(2, 2, 1), (0, 1));
}

#[test]
fn a_rate_of_zero_is_a_rate_of_one_so_that_nothing_waits_for_ever() {
    let plan = sweep(many_due("pr", 2)).rate(0).planned();
    assert_eq!(destroyed_names(&plan), ["pr-1"]);
    assert_eq!(
        deferred(&plan),
        [(
            "pr-2",
            "the rate is 1 destroys a sweep; older ones go first"
        )]
    );
}

#[test]
fn what_is_not_destroyed_does_not_use_up_the_rate() {
    let held = ordinary(due("held", 99).held_by("ana"));
    let gone = due("gone", 98);
    let gone = seen(gone.clone(), facts(&gone).without_state());
    let plan = sweep([vec![held, gone], many_due("pr", 2)].concat())
        .rate(2)
        .planned();
    assert_eq!(destroyed_names(&plan), ["pr-1", "pr-2"]);
    assert_eq!(deferred(&plan), []);
}

#[test]
fn of_three_environments_one_expired_one_alive_one_held_exactly_one_is_destroyed() {
    let plan = sweep(vec![
        ordinary(environment("alive").created(now())),
        ordinary(due("held", 9).held_by("ana")),
        ordinary(due("expired", 9)),
    ])
    .planned();
    assert_eq!(destroyed_names(&plan), ["expired"]);
    let lines: Vec<(&str, String)> = plan
        .items
        .iter()
        .map(|item| {
            let Disposition::Left = item.disposition else {
                return (item.name.as_str(), "destroyed".to_owned());
            };
            let decision = &item.decision;
            (
                item.name.as_str(),
                format!("{} by {}", decision.verdict, decision.rule),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("expired", "destroyed".to_owned()),
            ("held", "hold by hold".to_owned()),
            ("alive", "keep by alive".to_owned()),
        ]
    );
}

#[test]
fn the_first_sweep_of_a_scope_only_reports() {
    let plan = sweep(many_due("pr", 2)).for_the_first_time().planned();
    assert_eq!(plan.mode, Mode::FirstSweep);
    assert_eq!(destroyed_names(&plan), Vec::<&str>::new());
    assert_eq!(plan.due().count(), 2, "what is due is still said");
    let because = "this scope was never swept before, and its first sweep only reports";
    assert_eq!(deferred(&plan), [("pr-1", because), ("pr-2", because)]);
}

#[test]
fn nothing_at_all_is_a_plan_too() {
    let plan = sweep(vec![]).planned();
    assert_eq!(
        (plan.mode.clone(), plan.fleet, plan.items.len()),
        (Mode::Act, 0, 0)
    );
    assert!(!plan.is_blind());
    assert_eq!(digest(&plan).len(), 64);
}
