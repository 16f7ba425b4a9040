//! Proof of ownership: nothing is destroyed that is not shown to be ours, marker, generation and lineage; or, once the
//! marker went in a teardown of ours, lineage and inventory.

use ledger::{
    environment::{Environment, Lifecycle},
    fact::{Fact, Marker, StateFact},
    id::{EnvironmentId, Generation},
    inventory::Inventory,
    judge::{Decision, Policy, Verdict, judge, owns},
};

use crate::{
    judge::table::verdict,
    support::{
        Seen, Told, destroyed, destroying, environment, facts, hour, lineage, marker, objects,
        state, stuck,
    },
};

/// What a destroy that is due comes to with a state that differs so.
#[track_caller]
fn due_with(environment: &Environment, differ: impl FnOnce(&mut StateFact)) -> String {
    let facts = facts(environment).with_state(differ);
    verdict(environment, &facts, hour(9000))
}

fn generation(count: u64) -> Generation {
    Generation::new(count).expect("not zero")
}

#[test]
fn the_marker_with_our_id_and_generation_in_our_lineage_is_proof() {
    let ours = environment("pr-12");
    assert_eq!(due_with(&ours, |_| ()), "destroy by expiry");
    assert_eq!(
        owns(&ours, &state(&ours), &Fact::absent("the ledger", hour(0))),
        Ok("its state holds its marker".to_owned())
    );
}

#[test]
fn a_lineage_nobody_saw_yet_is_no_reason_for_doubt() {
    let new = Environment {
        lineage: None,
        ..environment("pr-12")
    };
    assert_eq!(
        due_with(&new, |state| state.lineage = "any".to_owned()),
        "destroy by expiry"
    );
}

#[test]
fn another_lineage_than_the_one_seen_before_is_another_state() {
    let ours = environment("pr-12");
    let other = |state: &mut StateFact| state.lineage = "other".to_owned();
    assert_eq!(due_with(&ours, other), "review by expiry");
}

#[test]
fn the_marker_of_somebody_else_is_not_ours() {
    let ours = environment("pr-12");
    let other = EnvironmentId::parse("env-other").expect("right");
    assert_eq!(
        due_with(&ours, |state| state.markers[0].id = other),
        "review by expiry"
    );
}

#[test]
fn another_generation_of_the_same_name_is_not_ours() {
    let ours = Environment {
        generation: generation(2),
        ..environment("pr-12")
    };
    for other in [1, 3] {
        assert_eq!(
            due_with(&ours, |state| state.markers[0].generation =
                generation(other)),
            "review by expiry"
        );
    }
    assert_eq!(due_with(&ours, |_| ()), "destroy by expiry");
}

#[test]
fn an_address_alone_proves_nothing() {
    let ours = environment("pr-12");
    assert_eq!(
        due_with(&ours, |state| state.markers.clear()),
        "review by expiry"
    );
    // Not even with our lineage, unless a teardown of ours took the marker.
    let mut empty = state(&ours);
    empty.markers.clear();
    assert_eq!(empty.lineage, lineage("pr-12"));
    assert_eq!(
        owns(
            &ours,
            &empty,
            &Fact::known(objects(0..6), "the ledger", hour(0))
        ),
        Err("its state holds no `ephemeral_environment`".to_owned())
    );
}

#[test]
fn a_state_with_two_markers_is_governed_by_neither() {
    let ours = environment("pr-12");
    let twice = |state: &mut StateFact| state.markers.push(state.markers[0].clone());
    assert_eq!(due_with(&ours, twice), "review by expiry");
    let other = Marker {
        id: EnvironmentId::parse("env-other").expect("right"),
        generation: Generation::FIRST,
    };
    for markers in [
        vec![marker(&ours), other.clone()],
        vec![other, marker(&ours)],
    ] {
        assert_eq!(
            due_with(&ours, |state| state.markers = markers),
            "review by expiry"
        );
    }
}

#[test]
fn a_teardown_that_was_cut_off_knows_its_state_by_the_lineage_and_by_having_no_more_in_it() {
    let gone = |instances: u64| {
        move |state: &mut StateFact| {
            state.markers.clear();
            state.instances = instances;
            state.objects = objects(0..instances);
        }
    };
    let at = |lifecycle: Lifecycle| environment("pr-12").on(lifecycle);
    let cases = [
        (at(destroying(3)), 3, "destroy by expiry"),
        (at(destroying(3)), 0, "destroy by expiry"),
        (at(destroying(3)), 4, "review by expiry"),
        (at(stuck(Some(3), hour(1))), 3, "destroy by expiry"),
        (at(stuck(Some(3), hour(1))), 4, "review by expiry"),
        (at(stuck(None, hour(1))), 0, "review by expiry"),
        (at(Lifecycle::Living), 0, "review by expiry"),
        (
            Environment {
                lineage: None,
                ..at(destroying(3))
            },
            3,
            "review by expiry",
        ),
        (
            Environment {
                lineage: Some("other".to_owned()),
                ..at(destroying(3))
            },
            3,
            "review by expiry",
        ),
    ];
    for (environment, instances, expected) in cases {
        assert_eq!(
            due_with(&environment, gone(instances)),
            expected,
            "{:?} with {instances}",
            environment.lifecycle
        );
    }
    let over = at(destroyed());
    let mut empty = state(&over);
    gone(0)(&mut empty);
    let begun_with = Fact::known(objects(0..6), "the ledger", hour(0));
    assert!(
        owns(&over, &empty, &begun_with).is_err(),
        "what is over owns nothing"
    );
}

/// What becomes of a state without its marker, holding `now`, of a teardown that was cut off and began with six objects.
#[track_caller]
fn cut_off_with(
    now: &[u64],
    differ: impl FnOnce(&mut Environment, &mut Fact<Inventory>),
) -> Decision {
    let mut ours = environment("pr-12").on(destroying(6));
    let mut facts = facts(&ours).with_state(|state| {
        state.markers.clear();
        state.objects = objects(now.iter().copied());
        state.instances = state.objects.count();
    });
    differ(&mut ours, &mut facts.begun_with);
    judge(&ours, &facts, &Policy::default(), hour(9000))
}

#[test]
fn one_object_that_was_not_there_at_the_beginning_makes_the_whole_state_somebody_elses() {
    for now in [&[][..], &[5], &[0, 3], &[0, 1, 2, 3, 4, 5]] {
        let decision = cut_off_with(now, |_, _| ());
        assert_eq!(
            decision.verdict,
            Verdict::Destroy,
            "{now:?}: {}",
            decision.because
        );
    }
    for now in [&[6][..], &[0, 6], &[0, 1, 2, 3, 4, 9]] {
        let decision = cut_off_with(now, |_, _| ());
        assert_eq!(
            decision.verdict,
            Verdict::Review,
            "{now:?}: {}",
            decision.because
        );
        let of = format!("1 of the {} objects", now.len());
        assert!(decision.because.contains(&of), "{}", decision.because);
        let remedy = "`sweeper release pr-12 --reason TEXT`";
        assert!(decision.because.contains(remedy), "{}", decision.because);
    }
}

#[test]
fn what_is_not_known_of_the_beginning_speaks_against_a_state_without_its_marker() {
    let gone = cut_off_with(&[0], |_, begun_with| {
        *begun_with = Fact::absent("the ledger", hour(0));
    });
    let unreadable = cut_off_with(&[0], |_, begun_with| {
        *begun_with = Fact::unreadable("it is damaged", "the ledger", hour(0));
    });
    let in_part = cut_off_with(&[0], |_, begun_with| begun_with.complete = false);
    let never_noted = cut_off_with(&[0], |ours, _| {
        if let Lifecycle::Destroying(teardown) = &mut ours.lifecycle {
            teardown.inventory = None;
        }
    });
    for (decision, said) in [
        (gone, "is not on record"),
        (unreadable, "could not be read: it is damaged"),
        (in_part, "is not on record"),
        (never_noted, "is not on record"),
    ] {
        assert_eq!(decision.verdict, Verdict::Review, "{}", decision.because);
        assert!(decision.because.contains(said), "{}", decision.because);
    }
}

#[test]
fn a_marker_needs_no_inventory() {
    let ours = environment("pr-12").on(destroying(6));
    let mut facts = facts(&ours).with_state(|state| state.objects = objects(7..9));
    facts.begun_with = Fact::unreadable("it is damaged", "the ledger", hour(0));
    assert_eq!(verdict(&ours, &facts, hour(9000)), "destroy by expiry");
}

#[test]
fn a_cut_off_teardown_with_a_strange_marker_is_not_ours_either() {
    let ours = environment("pr-12").on(destroying(3));
    let other = EnvironmentId::parse("env-other").expect("right");
    assert_eq!(
        due_with(&ours, |state| state.markers[0].id = other),
        "review by expiry"
    );
}

#[test]
fn proof_is_asked_for_whatever_makes_it_due() {
    let strip = |facts: ledger::fact::Facts| facts.with_state(|state| state.markers.clear());
    let request = environment("pr-12").of_request(12);
    let closed = strip(facts(&request).request(crate::support::closed(hour(1))));
    assert_eq!(
        verdict(&request, &closed, hour(2)),
        "review by closed-request"
    );
    let idle = environment("pr-12");
    let unused = strip(facts(&idle).used(hour(1)));
    assert_eq!(verdict(&idle, &unused, hour(20)), "review by idle");
}
