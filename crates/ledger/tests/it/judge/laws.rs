//! The laws of the judge, over any world: when it may destroy, when it must, and that it always answers.

use ledger::{
    clock::Timestamp,
    environment::{Environment, Lifecycle, OnExpiry},
    fact::{Cause, Fact, Facts, Observed, RequestFact},
    judge::{Decision, Rule, Verdict, judge},
    phase::{Phase, phase},
    tags::StandardTag,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::support::{
    any::{World, world},
    destroying,
};

fn decide(world: &World) -> Decision {
    judge(&world.environment, &world.facts, &world.policy, world.now)
}

/// Law 3, in its own words: one marker, ours, of this life, and the lineage that was seen; or the rest of a teardown
/// that was cut off, known by its inventory.
fn is_proven_ours(environment: &Environment, facts: &Facts) -> bool {
    let (true, Observed::Known(state)) = (facts.state.complete, &facts.state.answer) else {
        return false;
    };
    let seen = environment.lineage.as_ref();
    match &state.markers[..] {
        [one] => {
            (&one.id, one.generation) == (&environment.id, environment.generation)
                && seen.is_none_or(|seen| *seen == state.lineage)
        }
        [] => {
            let begun_with = match &environment.lifecycle {
                Lifecycle::Destroying(teardown) => Some(teardown.instances),
                Lifecycle::Stuck(stuck) => stuck.instances,
                _ => None,
            };
            let on_record = match &environment.lifecycle {
                Lifecycle::Destroying(teardown) => teardown.inventory.is_some(),
                Lifecycle::Stuck(stuck) => stuck.inventory.is_some(),
                _ => false,
            };
            let nothing_new = match (facts.begun_with.complete, &facts.begun_with.answer) {
                (true, Observed::Known(then)) => state
                    .objects
                    .iter()
                    .all(|object| then.iter().any(|known| known == object)),
                _ => false,
            };
            seen == Some(&state.lineage)
                && begun_with.is_some_and(|most| state.instances <= most)
                && on_record
                && nothing_new
        }
        _ => false,
    }
}

/// Law 4, in its own words: whether anything stands before it.
fn is_shielded(environment: &Environment, facts: &Facts, now: Timestamp) -> bool {
    let over = matches!(
        environment.lifecycle,
        Lifecycle::Destroyed { .. } | Lifecycle::Released { .. }
    );
    let held = environment
        .hold
        .as_ref()
        .is_some_and(|hold| hold.until.is_none_or(|until| now < until));
    let switched = |tag| {
        let value = environment.tags.get(&environment.tag_prefix.key(tag));
        value.is_some_and(|value| value != "false")
    };
    let guarded = environment
        .capture
        .as_ref()
        .is_some_and(|capture| !capture.prevent_destroy.is_empty());
    let locked = matches!(&facts.state.answer, Observed::Known(state) if state.lock.is_some());
    let quiet = facts.run.complete
        && match &facts.run.answer {
            Observed::Known(run) => run.alive_until <= now,
            Observed::Absent => true,
            Observed::Unreadable(_) => false,
        };
    let resting = matches!(&environment.lifecycle, Lifecycle::Stuck(stuck) if now < stuck.retry_at);
    over || held
        || switched(StandardTag::Protect)
        || switched(StandardTag::OptOut)
        || guarded
        || locked
        || !quiet
        || resting
}

fn is_closed(environment: &Environment, facts: &Facts) -> bool {
    let known = matches!(
        facts.change_request.answer,
        Observed::Known(RequestFact::Closed { .. })
    );
    environment.change_request.is_some() && facts.change_request.complete && known
}

fn is_idle(environment: &Environment, facts: &Facts, now: Timestamp) -> bool {
    let Observed::Known(used) = facts.activity.answer else {
        return false;
    };
    let lifetime = &environment.lifetime;
    let silence = now - used.max(environment.renewed_at).max(environment.created_at);
    let enough = lifetime.idle.delta() + lifetime.grace.delta();
    let extended = environment.extended_until.is_some_and(|until| now < until);
    let asked = facts.activity.complete && !extended && now < environment.expires_at();
    asked && enough <= silence
}

fn is_due(environment: &Environment, facts: &Facts, now: Timestamp) -> bool {
    environment.due_at() <= now || is_closed(environment, facts) || is_idle(environment, facts, now)
}

/// The test of the tests: the worlds are such that the laws are put to it.
#[test]
fn the_worlds_tried_hold_every_rule_and_every_verdict() {
    let mut runner = TestRunner::deterministic();
    let mut rules = std::collections::BTreeMap::new();
    let mut verdicts = std::collections::BTreeMap::new();
    for _ in 0..6000 {
        let world = world().new_tree(&mut runner).expect("a world").current();
        let decision = decide(&world);
        *rules.entry(decision.rule).or_insert(0) += 1;
        *verdicts.entry(decision.verdict).or_insert(0) += 1;
    }
    for rule in Rule::PRECEDENCE {
        assert!(
            rules.get(&rule).is_some_and(|count| 5 < *count),
            "{rule}: {rules:?}"
        );
    }
    for verdict in Verdict::ALL {
        assert!(
            verdicts.get(&verdict).is_some_and(|count| 5 < *count),
            "{verdict}: {verdicts:?}"
        );
    }
    assert!(200 < verdicts[&Verdict::Destroy], "{verdicts:?}");
}

/// The same worlds, but that a teardown was cut off after it took the marker, for the one proof without a marker.
fn cut_off() -> impl Strategy<Value = World> {
    world().prop_map(|mut world| {
        if world.environment.lifecycle == Lifecycle::Living {
            world.environment.lifecycle = destroying(6);
        }
        if let Observed::Known(state) = &mut world.facts.state.answer {
            state.markers.clear();
        }
        world
    })
}

#[test]
fn the_teardowns_tried_that_were_cut_off_are_of_every_kind() {
    let mut runner = TestRunner::deterministic();
    let (mut destroyed, mut strangers, mut unknown) = (0, 0, 0);
    for _ in 0..3000 {
        let world = cut_off().new_tree(&mut runner).expect("a world").current();
        let facts = &world.facts;
        let Some(state) = facts.state.seen() else {
            continue;
        };
        destroyed += usize::from(decide(&world).verdict == Verdict::Destroy);
        match facts.begun_with.seen() {
            Some(then) => strangers += usize::from(0 < then.strangers_in(&state.objects)),
            None => unknown += 1,
        }
    }
    let counted = (destroyed, strangers, unknown);
    assert!(
        50 < destroyed && 50 < strangers && 50 < unknown,
        "{counted:?}"
    );
}

proptest! {
    #![proptest_config(Config::with_cases(1024))]

    #[test]
    fn it_destroys_exactly_what_is_due_unshielded_and_proven_to_be_ours(world in world()) {
        let World { environment, facts, now, .. } = &world;
        let may = is_due(environment, facts, *now)
            && !is_shielded(environment, facts, *now)
            && is_proven_ours(environment, facts)
            && environment.on_expiry == OnExpiry::Destroy;
        let decision = decide(&world);
        prop_assert_eq!(decision.verdict == Verdict::Destroy, may, "{}", decision.because);
    }

    #[test]
    fn of_what_was_cut_off_it_destroys_exactly_what_holds_nothing_new(world in cut_off()) {
        let World { environment, facts, now, .. } = &world;
        let may = is_due(environment, facts, *now)
            && !is_shielded(environment, facts, *now)
            && is_proven_ours(environment, facts)
            && environment.on_expiry == OnExpiry::Destroy;
        let decision = decide(&world);
        prop_assert_eq!(decision.verdict == Verdict::Destroy, may, "{}", decision.because);
    }

    #[test]
    fn it_never_destroys_before_expiry_and_grace_without_a_closed_request_or_known_silence(world in world()) {
        let World { environment, facts, now, .. } = &world;
        let decision = decide(&world);
        if decision.verdict == Verdict::Destroy && *now < environment.due_at() {
            match decision.rule {
                Rule::ClosedRequest => prop_assert!(is_closed(environment, facts)),
                Rule::Idle => prop_assert!(is_idle(environment, facts, *now)),
                other => prop_assert!(false, "{} destroyed before it was due", other),
            }
        }
    }

    #[test]
    fn what_is_unreadable_or_has_gaps_never_destroys(
        world in world(), blinded in 1..32_u8, gaps in any::<bool>(),
    ) {
        let mut blind = world.clone();
        blur(&mut blind.facts.state, blinded & 1 != 0, gaps);
        blur(&mut blind.facts.change_request, blinded & 2 != 0, gaps);
        blur(&mut blind.facts.run, blinded & 4 != 0, gaps);
        blur(&mut blind.facts.activity, blinded & 8 != 0, gaps);
        blur(&mut blind.facts.begun_with, blinded & 16 != 0, gaps);
        let decision = decide(&blind);
        // What would have been kept is not destroyed for being seen less well.
        if decide(&world).verdict != Verdict::Destroy {
            prop_assert_ne!(decision.verdict, Verdict::Destroy, "{}", decision.because);
        }
        if blinded & 5 != 0 {
            prop_assert_ne!(decision.verdict, Verdict::Destroy, "{}", decision.because);
        }
        let marked = blind.facts.state.seen().is_some_and(|state| !state.markers.is_empty());
        if blinded & 16 != 0 && !marked {
            prop_assert_ne!(decision.verdict, Verdict::Destroy, "{}", decision.because);
        }
        if blinded & 2 != 0 {
            prop_assert_ne!(decision.rule, Rule::ClosedRequest);
        }
        if blinded & 8 != 0 {
            prop_assert_ne!(decision.rule, Rule::Idle);
        }
    }

    #[test]
    fn what_expired_stays_due_as_time_goes_by(world in world(), hours in 0..2000_i64) {
        let decision = decide(&world);
        let later = World {
            now: ledger::clock::after(world.now, chrono::TimeDelta::hours(hours)),
            ..world.clone()
        };
        if decision.verdict == Verdict::Destroy && decision.rule == Rule::Expiry {
            prop_assert_eq!(decide(&later).verdict, Verdict::Destroy);
        }
    }

    #[test]
    fn it_always_answers_with_a_derivation_in_order(world in world()) {
        let decision = decide(&world);
        let asked: Vec<Rule> = decision.derivation.iter().map(|finding| finding.rule).collect();
        prop_assert_eq!(&asked[..], &Rule::PRECEDENCE[..asked.len()]);
        let decided: Vec<_> = decision.derivation.iter().filter_map(|finding| finding.verdict).collect();
        prop_assert_eq!(decided, [decision.verdict]);
        prop_assert_eq!(asked.last(), Some(&decision.rule));
        prop_assert_eq!(&decide(&world), &decision, "the same question has the same answer");
    }

    #[test]
    fn the_phase_never_promises_less_than_the_judge_does(world in world()) {
        let World { environment, facts, now, .. } = &world;
        let seen = phase(environment, Some(facts), *now);
        let unseen = phase(environment, None, *now);
        let decision = decide(&world);
        prop_assert_eq!(decision.rule == Rule::Over, matches!(seen, Phase::Destroyed | Phase::Released));
        prop_assert_eq!(decision.rule == Rule::Hold, seen == Phase::Held);
        if decision.rule == Rule::Grace {
            prop_assert!(matches!(seen, Phase::Expiring | Phase::Destroying | Phase::Stuck), "{}", seen);
        }
        // Facts tell apart only how something that lives is used.
        let of_use = [Phase::Active, Phase::Idle];
        prop_assert!(seen == unseen || of_use.contains(&seen), "{} and {}", seen, unseen);
        prop_assert!(!of_use.contains(&unseen));
    }
}

/// Takes a fact away, or makes holes in the look it came from.
fn blur<T>(fact: &mut Fact<T>, blinded: bool, gaps: bool) {
    if blinded && gaps {
        fact.complete = false;
    } else if blinded {
        fact.answer = Observed::Unreadable(Cause("blind".to_owned()));
    }
}
