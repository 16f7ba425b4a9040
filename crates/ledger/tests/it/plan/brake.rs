//! The brakes: they stop the whole sweep, not a part of it.

use chrono::TimeDelta;
use ledger::{
    brake::BrakeKind,
    fact::Fact,
    plan::{Mode, SweepInput, SweepPlan},
};

use crate::support::{
    Seen, Told, environment, facts,
    sweep::{
        Swept, deferred, destroyed_names, due, many_alive, many_due, now, ordinary, seen, sweep,
    },
};

fn kinds(plan: &SweepPlan) -> Vec<BrakeKind> {
    plan.brakes.iter().map(|brake| brake.kind).collect()
}

/// Eleven newly due of twenty-one: one more than ten, and more than half.
fn jump() -> SweepInput {
    sweep([many_due("pr", 11), many_alive("up", 10)].concat())
}

/// One due, and eleven of the other twenty not seen.
fn blind() -> SweepInput {
    let unseen = many_alive("blind", 11).into_iter().map(|candidate| {
        let facts = facts(&candidate.environment).unreadable_state();
        seen(candidate.environment, facts)
    });
    sweep(
        [
            vec![ordinary(due("pr-1", 9))],
            unseen.collect(),
            many_alive("up", 9),
        ]
        .concat(),
    )
}

#[test]
fn a_jump_stops_everything_and_not_the_part_that_is_too_much() {
    let plan = jump().planned();
    assert_eq!(plan.mode, Mode::Braked);
    assert_eq!(kinds(&plan), [BrakeKind::Jump]);
    assert_eq!(destroyed_names(&plan), Vec::<&str>::new());
    assert_eq!(plan.due().count(), 11);
    assert_eq!(deferred(&plan)[0], ("pr-1", "a brake stopped the sweep"));
    let one_less = sweep([many_due("pr", 10), many_alive("up", 1)].concat()).planned();
    assert_eq!(
        (&one_less.mode, one_less.actions().count()),
        (&Mode::Act, 10)
    );
}

#[test]
fn what_was_due_at_the_last_sweep_is_no_jump() {
    let plan = jump().known_before().planned();
    assert_eq!((&plan.mode, kinds(&plan)), (&Mode::Act, vec![]));
    assert_eq!(plan.actions().count(), 11);
}

#[test]
fn what_is_held_or_in_doubt_is_not_newly_due() {
    let held = many_due("held", 11)
        .into_iter()
        .map(|candidate| ordinary(candidate.environment.held_by("ana")));
    let plan = sweep(held.chain(many_due("pr", 1)).collect()).planned();
    assert_eq!(
        (&plan.mode, destroyed_names(&plan)),
        (&Mode::Act, vec!["pr-1"])
    );
}

#[test]
fn a_jump_that_a_person_released_is_still_said() {
    let plan = jump().release(BrakeKind::Jump).planned();
    assert_eq!(plan.mode, Mode::Act);
    assert_eq!(kinds(&plan), [BrakeKind::Jump]);
    assert_eq!(plan.actions().count(), 11);
    assert!(plan.released.contains(&BrakeKind::Jump));
}

#[test]
fn to_release_one_brake_releases_no_other() {
    let plan = jump().release(BrakeKind::Coverage).planned();
    assert_eq!((&plan.mode, plan.actions().count()), (&Mode::Braked, 0));
    let two = jump()
        .host_ahead(TimeDelta::hours(1))
        .release(BrakeKind::Jump);
    assert_eq!(two.planned().mode, Mode::Braked);
}

#[test]
fn a_clock_that_disagrees_stops_the_sweep_and_cannot_be_released() {
    for apart in [TimeDelta::seconds(61), TimeDelta::days(365)] {
        for by in [apart, -apart] {
            let one = || sweep(many_due("pr", 1)).host_ahead(by);
            let plan = one().planned();
            assert_eq!(
                (&plan.mode, kinds(&plan)),
                (&Mode::Braked, vec![BrakeKind::Clock])
            );
            let insisted = one().release(BrakeKind::Clock).planned();
            assert_eq!(
                (&insisted.mode, insisted.actions().count()),
                (&Mode::Braked, 0)
            );
        }
    }
    let near = sweep(many_due("pr", 1)).host_ahead(TimeDelta::seconds(60));
    assert_eq!(near.planned().mode, Mode::Act);
}

#[test]
fn too_much_that_was_not_seen_stops_even_what_was() {
    let plan = blind().planned();
    assert_eq!(
        (&plan.mode, kinds(&plan)),
        (&Mode::Braked, vec![BrakeKind::Coverage])
    );
    assert_eq!(deferred(&plan), [("pr-1", "a brake stopped the sweep")]);
    let released = blind().release(BrakeKind::Coverage).planned();
    assert_eq!(destroyed_names(&released), ["pr-1"]);
}

#[test]
fn records_that_cannot_be_read_count_as_not_seen_and_as_part_of_the_fleet() {
    let mut input = sweep(many_due("pr", 1));
    for place in 0..11 {
        input = input.unreadable(&format!("env-{place}"));
    }
    let plan = input.planned();
    assert_eq!(plan.fleet, 12);
    assert_eq!(kinds(&plan), [BrakeKind::Coverage]);
}

#[test]
fn a_brake_outranks_the_first_sweep() {
    let plan = jump().for_the_first_time().planned();
    assert_eq!(plan.mode, Mode::Braked);
    let released = jump()
        .for_the_first_time()
        .release(BrakeKind::Jump)
        .planned();
    assert_eq!(
        (&released.mode, released.actions().count()),
        (&Mode::FirstSweep, 0)
    );
}

#[test]
fn a_plan_says_that_it_is_blind_and_where() {
    let environment = || environment("pr-1").created(now());
    let plan = |input: SweepInput| input.planned();
    assert!(!plan(sweep(vec![ordinary(environment())])).is_blind());
    assert!(plan(sweep(vec![]).unreadable("env-x")).is_blind());
    let unreadable = seen(environment(), facts(&environment()).unreadable_state());
    let blind = plan(sweep(vec![unreadable]));
    assert!(blind.is_blind());
    assert_eq!(blind.items[0].unseen.as_deref(), Some("permission denied"));
    let half = plan(sweep(vec![seen(
        environment(),
        facts(&environment()).half_read_state(),
    )]));
    assert!(half.is_blind());
    assert_eq!(
        half.items[0].unseen.as_deref(),
        Some("its state was not read whole")
    );
    let mut deaf = facts(&environment());
    deaf.run = Fact::unreadable("spoiled", "the ledger", now());
    let deaf = plan(sweep(vec![seen(environment(), deaf)]));
    assert!(deaf.is_blind());
    assert_eq!(
        deaf.items[0].unseen.as_deref(),
        Some("whether a run is alive could not be read: spoiled")
    );
    // To be told by an authority that nothing is there is to see.
    let gone = plan(sweep(vec![seen(
        environment(),
        facts(&environment()).without_state(),
    )]));
    assert!(!gone.is_blind());
}
