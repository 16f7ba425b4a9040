//! Unforeseen worlds: any environment, any facts, any time, near the edges more often than far from them.

use chrono::TimeDelta;
use ledger::{
    clock::Timestamp,
    environment::{Environment, Hold, Lifecycle, OnExpiry},
    fact::{Fact, Facts, LockFact, Marker, RequestFact, RunFact, StateFact},
    id::{EnvironmentId, Generation},
    identity::Identity,
    inventory::Inventory,
    judge::Policy,
    lifetime::Lifetime,
    tags::{StandardTag, TagSet},
    ttl::Ttl,
};
use proptest::{option, prelude::*, sample::select};

use super::{
    Told, destroyed, destroying, environment, hour, lineage, marker, objects, released, stuck,
};

/// Everything the judge is asked with.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) environment: Environment,
    pub(crate) facts: Facts,
    pub(crate) policy: Policy,
    pub(crate) now: Timestamp,
}

/// Whole hours around the beginning, so that equal instants are common, and the ends of the calendar.
pub(crate) fn instant() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        20 => (-4..16_i64).prop_map(hour),
        4 => (-40_000..400_000_i64).prop_map(|seconds| hour(0) + TimeDelta::seconds(seconds)),
        1 => Just(Timestamp::MIN_UTC),
        1 => Just(Timestamp::MAX_UTC),
    ]
}

fn one_of(texts: &[&'static str]) -> impl Strategy<Value = Ttl> + use<> {
    select(texts.to_vec()).prop_map(|text| Ttl::parse(text).expect(text))
}

/// Sensible ones, and now and then five durations that do not even fit each other.
fn lifetime() -> impl Strategy<Value = Lifetime> {
    let odd = || one_of(&["1s", "1h", "2h", "3h", "4h", "8h", "72h", "3650d"]);
    let sensible = (
        one_of(&["1h", "3h", "8h", "72h", "72h"]),
        one_of(&["3h", "8h", "72h", "72h", "72h"]),
        one_of(&["3h", "8h", "8h"]),
        one_of(&["1h", "2h", "3h"]),
        one_of(&["1s", "1h", "2h"]),
    );
    prop_oneof![8 => sensible.boxed(), 1 => (odd(), odd(), odd(), odd(), odd()).boxed()].prop_map(
        |(ttl, max, idle, hibernate_after, grace)| Lifetime {
            ttl,
            max,
            idle,
            hibernate_after,
            grace,
        },
    )
}

fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    prop_oneof![
        10 => Just(Lifecycle::Living),
        2 => (0..6_u64).prop_map(destroying),
        2 => (option::of(0..6_u64), instant()).prop_map(|(left, retry_at)| stuck(left, retry_at)),
        1 => Just(destroyed()),
        1 => Just(released()),
    ]
    .prop_flat_map(|lifecycle| (Just(lifecycle), prop::bool::weighted(0.9)))
    .prop_map(|(mut lifecycle, on_record)| {
        if !on_record {
            match &mut lifecycle {
                Lifecycle::Destroying(teardown) => teardown.inventory = None,
                Lifecycle::Stuck(stuck) => stuck.inventory = None,
                _ => {}
            }
        }
        lifecycle
    })
}

/// Some of six objects: all of them often, and any number of the others else.
fn inventory(all: u32) -> impl Strategy<Value = Inventory> {
    prop_oneof![
        all => Just(objects(0..6)),
        2 => prop::collection::vec(0..6_u64, 0..6).prop_map(objects),
    ]
}

fn hold() -> impl Strategy<Value = Option<Hold>> {
    option::weighted(0.1, option::of(instant())).prop_map(|until| {
        until.map(|until| Hold {
            by: Identity::claimed("local", "ana@laptop"),
            reason: "demo".to_owned(),
            since: hour(0),
            until,
        })
    })
}

fn switch() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        20 => Just(None),
        2 => Just(Some("false".to_owned())),
        1 => select(vec!["true", "yes", "no", "", "0", "False"]).prop_map(|value| Some(value.to_owned())),
    ]
}

/// Any environment, called `pr-12`.
pub(crate) fn any_environment() -> impl Strategy<Value = Environment> {
    let times = (instant(), instant(), option::weighted(0.3, instant()));
    let shields = (
        hold(),
        switch(),
        switch(),
        prop_oneof![12 => Just(0_usize), 1 => 1..3_usize],
    );
    let marks = (
        1..3_u64,
        prop_oneof![2 => Just(None), 6 => Just(Some("lineage-of-pr-12")), 1 => Just(Some("another"))],
        any::<bool>(),
    );
    let wishes = (
        any::<bool>(),
        prop::bool::weighted(0.9),
        prop::bool::weighted(0.4),
    );
    (lifetime(), times, shields, marks, wishes, lifecycle()).prop_map(
        |(lifetime, times, (hold, protect, opt_out, protected), marks, wishes, lifecycle)| {
            let (running, destroy, of_request) = wishes;
            let addresses = &["aws_db.main", "aws_s3_bucket.logs"][..protected];
            let mut any = environment("pr-12")
                .prevent_destroy(addresses)
                .on(lifecycle);
            if of_request {
                any = any.of_request(12);
            }
            let tags: TagSet = [
                (StandardTag::Protect, protect),
                (StandardTag::OptOut, opt_out),
            ]
            .into_iter()
            .filter_map(|(tag, value)| Some((any.tag_prefix.key(tag), value?)))
            .collect();
            Environment {
                lifetime,
                created_at: times.0,
                renewed_at: times.1,
                extended_until: times.2,
                hold,
                tags,
                generation: Generation::new(marks.0).expect("not zero"),
                lineage: marks.1.map(str::to_owned),
                marker_seen_at: marks.2.then(|| hour(0)),
                running,
                on_expiry: if destroy {
                    OnExpiry::Destroy
                } else {
                    OnExpiry::Review
                },
                ..any
            }
        },
    )
}

/// A fact of any kind: known most often, and now and then from a look with gaps.
fn fact<T: std::fmt::Debug + Clone + 'static>(
    known: u32,
    absent: u32,
    value: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = Fact<T>> {
    let answer = prop_oneof![
        known => value.prop_map(|value| Fact::known(value, "a source", hour(0))).boxed(),
        absent => Just(Fact::absent("a source", hour(0))).boxed(),
        1 => Just(Fact::unreadable("a timeout", "a source", hour(0))).boxed(),
    ];
    // Not only what the constructors make: an unreadable fact that claims a complete look is unreadable still.
    (answer, prop::bool::weighted(0.05)).prop_map(|(mut fact, other)| {
        fact.complete ^= other;
        fact
    })
}

fn markers(environment: &Environment) -> impl Strategy<Value = Vec<Marker>> + use<> {
    let own = marker(environment);
    let other_life = Marker {
        generation: own.generation.next(),
        ..own.clone()
    };
    let stranger = Marker {
        id: EnvironmentId::parse("env-stranger").expect("right"),
        ..own.clone()
    };
    prop_oneof![
        18 => Just(vec![own.clone()]),
        2 => Just(vec![]),
        1 => Just(vec![other_life]),
        1 => Just(vec![stranger.clone()]),
        1 => Just(vec![own.clone(), own.clone()]),
        1 => Just(vec![stranger, own]),
    ]
}

fn state(environment: &Environment) -> impl Strategy<Value = StateFact> + use<> {
    let lock = option::weighted(
        0.1,
        Just(LockFact {
            who: "bob@ci".to_owned(),
            operation: "apply".to_owned(),
            since: None,
        }),
    );
    let lineages = prop_oneof![9 => Just(lineage("pr-12")), 1 => Just("another".to_owned())];
    let counts = (0..9_u64, 0..6_u64);
    (markers(environment), lock, lineages, counts, inventory(1)).prop_map(
        |(markers, lock, lineage, (serial, instances), objects)| StateFact {
            lineage,
            serial,
            instances,
            objects,
            markers,
            lock,
        },
    )
}

/// Any facts about `environment`.
pub(crate) fn facts_of(environment: &Environment) -> impl Strategy<Value = Facts> + use<> {
    let request = prop_oneof![
        Just(RequestFact::Open),
        (instant(), any::<bool>()).prop_map(|(at, merged)| RequestFact::Closed { at, merged }),
    ];
    let run = (instant(), instant()).prop_map(|(renewed_at, alive_until)| RunFact {
        run: "run-9".to_owned(),
        renewed_at,
        alive_until,
    });
    (
        fact(18, 1, state(environment)),
        fact(18, 1, inventory(4)),
        fact(4, 1, request),
        fact(2, 18, run),
        fact(4, 2, instant()),
    )
        .prop_map(|(state, begun_with, change_request, run, activity)| Facts {
            state,
            begun_with,
            change_request,
            run,
            activity,
        })
}

fn policy() -> impl Strategy<Value = Policy> {
    select(vec![
        TimeDelta::MIN,
        TimeDelta::zero(),
        TimeDelta::hours(12),
        TimeDelta::MAX,
    ])
    .prop_map(|warn_before| Policy { warn_before })
}

/// Any world.
pub(crate) fn world() -> impl Strategy<Value = World> {
    any_environment()
        .prop_flat_map(|environment| {
            let facts = facts_of(&environment);
            (Just(environment), facts, policy(), instant())
        })
        .prop_map(|(environment, facts, policy, now)| World {
            environment,
            facts,
            policy,
            now,
        })
}
