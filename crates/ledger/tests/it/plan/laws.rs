//! The laws of the plan, over any sweep.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use ledger::{
    book::contract::sample,
    brake::{BrakeKind, Guards},
    clock::after,
    fact::{Cause, Facts, Observed},
    id::{EnvironmentId, EnvironmentName},
    judge::{Verdict, judge},
    plan::{Action, Candidate, Disposition, Item, Mode, SweepInput, plan_sweep},
    scope::Scope,
    stored::plan::{decode, digest, encode},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::support::{
    any::{any_environment, facts_of},
    hour,
    sweep::{many_due, now, seen, sweep},
};

/// Any environments, each with a name of its own, half of them due beyond doubt.
fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    (vec(any_environment(), 0..6), 0..6_i64)
        .prop_flat_map(|(environments, due)| {
            let facts: Vec<_> = environments.iter().map(facts_of).collect();
            (Just(environments), facts, Just(due))
        })
        .prop_map(|(environments, facts, due)| {
            let any = environments.into_iter().zip(facts).enumerate();
            any.map(|(place, (mut environment, mut facts))| {
                let own = environment.id.clone();
                environment.id = EnvironmentId::parse(&format!("env-any-{place}")).expect("right");
                environment.name = EnvironmentName::parse(&format!("any-{place}")).expect("right");
                if let Observed::Known(state) = &mut facts.state.answer {
                    for marker in state.markers.iter_mut().filter(|marker| marker.id == own) {
                        marker.id = environment.id.clone();
                    }
                }
                seen(environment, facts)
            })
            .chain(many_due("pr", due))
            .collect()
        })
}

fn guards() -> impl Strategy<Value = Guards> {
    (0..5_u32, 0..8_u32, 0..120_u32).prop_map(|(rate, jump_count, jump_percent)| Guards {
        rate,
        jump_count,
        jump_percent,
        ..Guards::default()
    })
}

fn any_sweep() -> impl Strategy<Value = SweepInput> {
    let unreadable = vec(("env-[a-c]", "[a-c]{3}"), 0..3);
    let apart = select(vec![0, 0, 0, 0, -60, 60, 61, -3600]);
    let released = subsequence(BrakeKind::ALL.to_vec(), 0..=3);
    let known = proptest::option::weighted(0.8, vec(any::<bool>(), 12));
    (candidates(), guards(), unreadable, apart, released, known).prop_map(
        |(candidates, guards, unreadable, apart, released, known)| {
            let memory = known.map(|known| Scope {
                last_due: candidates
                    .iter()
                    .zip(known)
                    .filter(|(_, known)| *known)
                    .map(|(candidate, _)| candidate.environment.id.clone())
                    .collect(),
                ..sample::scope("default")
            });
            SweepInput {
                memory,
                guards,
                unreadable: unreadable
                    .into_iter()
                    .map(|(subject, cause)| (subject, Cause(cause)))
                    .collect(),
                host_now: after(now(), TimeDelta::seconds(apart)),
                released: released.into_iter().collect(),
                ..sweep(candidates)
            }
        },
    )
}

#[test]
fn the_sweeps_tried_act_and_brake_and_report_and_defer() {
    let mut runner = TestRunner::deterministic();
    let mut found = BTreeMap::new();
    for _ in 0..400 {
        let input = any_sweep()
            .new_tree(&mut runner)
            .expect("a sweep")
            .current();
        let plan = plan_sweep(&input, now());
        *found.entry(format!("{:?}", plan.mode)).or_insert(0) += 1;
        for item in &plan.items {
            let what = match item.disposition {
                Disposition::Act(Action::Destroy(_)) => "destroy",
                Disposition::Deferred(_) => "defer",
                Disposition::Left => "leave",
            };
            *found.entry(what.to_owned()).or_insert(0) += 1;
        }
    }
    let enough = |word: &&str| found.get(*word).is_some_and(|count| 30 < *count);
    let words = ["Act", "FirstSweep", "Braked", "destroy", "defer", "leave"];
    assert!(words.iter().all(enough), "{found:?}");
}

/// Whether the state was not seen whole, or it could not be told of the runs.
fn is_unseen(facts: &Facts) -> bool {
    !facts.state.complete
        || matches!(facts.state.answer, Observed::Unreadable(_))
        || matches!(facts.run.answer, Observed::Unreadable(_))
}

proptest! {
    #![proptest_config(Config::with_cases(160))]

    #[test]
    fn every_candidate_is_in_the_plan_exactly_once_with_its_own_decision(input in any_sweep()) {
        let plan = plan_sweep(&input, now());
        prop_assert_eq!(plan.items.len(), input.candidates.len());
        let lines: BTreeMap<_, _> = plan.items.iter().map(|item| (&item.id, item)).collect();
        for Candidate { environment, facts, .. } in &input.candidates {
            let item = lines[&environment.id];
            prop_assert_eq!(&item.decision, &judge(environment, facts, &input.policy, now()));
            prop_assert_eq!(item.generation, environment.generation);
            prop_assert_eq!(item.unseen.is_some(), is_unseen(facts));
        }
        let subjects = |list: &[(String, Cause)]| -> BTreeSet<String> {
            list.iter().map(|(subject, cause)| format!("{subject} {cause}")).collect()
        };
        prop_assert_eq!(plan.unreadable.len(), input.unreadable.len());
        prop_assert_eq!(subjects(&plan.unreadable), subjects(&input.unreadable));
        let all = input.candidates.len() + input.unreadable.len();
        prop_assert_eq!(plan.fleet, u64::try_from(all).expect("few"));
    }

    #[test]
    fn nothing_is_destroyed_that_was_not_judged_so_and_nothing_due_is_left_unsaid(input in any_sweep()) {
        for item in &plan_sweep(&input, now()).items {
            let due = item.decision.verdict == Verdict::Destroy;
            prop_assert_eq!(due, item.disposition != Disposition::Left);
        }
    }

    #[test]
    fn a_destroy_is_pinned_to_the_state_that_was_read(input in any_sweep()) {
        let facts: BTreeMap<_, _> = input.candidates.iter()
            .map(|candidate| (&candidate.environment.id, candidate)).collect();
        let plan = plan_sweep(&input, now());
        for (item, action) in plan.actions() {
            let Action::Destroy(pin) = action;
            let candidate = facts[&item.id];
            let state = candidate.facts.state.seen().expect("only what was read whole is destroyed");
            prop_assert_eq!((&pin.lineage, pin.serial, pin.instances),
                (&state.lineage, state.serial, state.instances));
            prop_assert_eq!(pin.expires_at, candidate.environment.expires_at());
            let address = candidate.environment.state.as_ref().map(ToString::to_string);
            prop_assert_eq!(Some(&pin.address), address.as_ref());
        }
    }

    #[test]
    fn destroys_are_within_the_rate_and_only_in_a_sweep_that_may_act(input in any_sweep()) {
        let plan = plan_sweep(&input, now());
        let most = usize::try_from(input.guards.rate.max(1)).expect("small");
        let destroys = plan.actions().count();
        prop_assert!(destroys <= most);
        match plan.mode {
            Mode::Act => {
                prop_assert_eq!(destroys, most.min(plan.due().count()), "as many as the rate allows");
                prop_assert!(input.memory.is_some());
                prop_assert!(plan.brakes.iter().all(
                    |brake| brake.kind != BrakeKind::Clock && input.released.contains(&brake.kind)));
            }
            Mode::FirstSweep | Mode::Braked => prop_assert_eq!(destroys, 0),
        }
        let stopped = plan.brakes.iter().any(
            |brake| brake.kind == BrakeKind::Clock || !input.released.contains(&brake.kind));
        prop_assert_eq!(plan.mode == Mode::Braked, stopped);
    }

    #[test]
    fn what_is_due_comes_first_and_the_oldest_of_it_is_destroyed(input in any_sweep()) {
        let plan = plan_sweep(&input, now());
        let due = plan.due().count();
        prop_assert!(plan.items[..due].iter().all(|item| item.decision.verdict == Verdict::Destroy));
        prop_assert!(plan.items[..due].is_sorted_by_key(|item| item.expires_at));
        prop_assert!(plan.items[due..].is_sorted_by_key(|item| item.expires_at));
        // Of what is tried for the first time and of what failed before, each the oldest.
        for again in [false, true] {
            let is_one = |item: &&Item| item.is_again() == again;
            let destroyed: Vec<_> =
                plan.actions().map(|(item, _)| item).filter(is_one).map(|item| &item.id).collect();
            let oldest: Vec<_> =
                plan.due().filter(is_one).take(destroyed.len()).map(|item| &item.id).collect();
            prop_assert_eq!(oldest, destroyed);
        }
    }

    #[test]
    fn the_order_of_what_was_observed_changes_nothing(
        (input, shuffled) in any_sweep().prop_flat_map(|input| {
            let parts = (Just(input.candidates.clone()).prop_shuffle(), Just(input.unreadable.clone()).prop_shuffle());
            let again = (Just(input.clone()), parts).prop_map(|(input, (candidates, unreadable))| SweepInput {
                candidates, unreadable, ..input
            });
            (Just(input), again)
        })
    ) {
        let plan = plan_sweep(&input, now());
        prop_assert_eq!(&plan, &plan_sweep(&shuffled, now()));
        prop_assert!(encode(&plan).contains(&digest(&plan)));
    }

    #[test]
    fn a_plan_is_blind_exactly_when_something_was_not_seen(input in any_sweep()) {
        let unseen = |candidate: &Candidate| is_unseen(&candidate.facts);
        let blind = !input.unreadable.is_empty() || input.candidates.iter().any(unseen);
        prop_assert_eq!(plan_sweep(&input, now()).is_blind(), blind);
    }

    #[test]
    fn a_plan_file_says_everything_the_plan_does(input in any_sweep()) {
        let plan = plan_sweep(&input, now());
        let text = encode(&plan);
        let read = decode(&text).expect("what was written is read");
        prop_assert_eq!(encode(&read), text);
        // The store keeps milliseconds; the last instant of the calendar has more.
        let of_the_calendar = plan.items.iter().all(|item| item.expires_at < hour(10_000_000));
        if of_the_calendar {
            prop_assert_eq!(read, plan);
        }
    }

    #[test]
    fn one_more_hold_never_adds_a_destroy_to_anything_else(input in any_sweep(), place in any::<prop::sample::Index>()) {
        prop_assume!(!input.candidates.is_empty());
        let before = plan_sweep(&input, now());
        let mut held = input.clone();
        let place = place.index(held.candidates.len());
        let candidate = &mut held.candidates[place];
        candidate.environment = crate::support::Told::held_by(candidate.environment.clone(), "ana");
        let after = plan_sweep(&held, now());
        let due = |plan: &ledger::plan::SweepPlan| -> BTreeSet<EnvironmentId> {
            plan.due().map(|item| item.id.clone()).collect()
        };
        prop_assert!(due(&after).is_subset(&due(&before)));
        prop_assert!(!due(&after).contains(&held.candidates[place].environment.id));
    }
}
