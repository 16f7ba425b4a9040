//! Gaps in what Terraform plans, stores and sends back of managed resources.

use serde_json::{Value as Json, json};

use super::{TYPES, assert_no_panic, gaps, has_errors};
use crate::common::{Bench, Provider, holds_unknown, with};
use crate::driver::identity::Source;
use crate::driver::values::unrefined;
use crate::driver::{Stored, assert_no_errors};
use crate::environment::ENVIRONMENT;
use crate::hostile::whole;

/// A configuration with everything set, for an object of its own.
fn whole_of_its_own(type_name: &str, number: usize) -> Json {
    let mut config = whole(type_name);
    if type_name == ENVIRONMENT {
        config["name"] = json!(format!("pr-{number}"));
        config["state"]["config"]["key"] = json!(format!("pr-{number}"));
    }
    config
}

/// After an apply of what no Terraform would send: a record if and only if a state tells of it, and both known in full.
async fn assert_recorded_as_told(bench: &Bench, made: &Stored, place: &str) {
    assert_no_panic(&made.told, place);
    assert!(!holds_unknown(&made.state), "{place}: {made:?}");
    if made.state.is_null() {
        assert!(has_errors(&made.told), "{place}");
    } else {
        assert!(bench.record(made).await.record.is_live(), "{place}");
    }
}

async fn living(provider: &Provider, type_name: &str) -> usize {
    let (items, said) = provider.list(type_name, json!({}), 0, false).await;
    assert_eq!(said, []);
    items.len()
}

#[tokio::test]
async fn a_create_with_a_gap_in_what_was_planned_or_configured_records_what_it_tells() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let nothing = Stored::nothing();
    for name in TYPES {
        let (mut number, mut made) = (0, 0);
        let planned = provider
            .plan(name, &nothing, whole_of_its_own(name, 0))
            .await;
        let known = planned.config.clone();
        let in_plan = gaps(&planned.state).map(|(place, ..)| (place, true));
        let in_config = gaps(&known).map(|(place, ..)| (place, false));
        for (place, is_planned) in in_plan.chain(in_config) {
            number += 1;
            let (path, gap) = place.split_once(" = ").expect("a place and a gap");
            let gap: Json = serde_json::from_str(gap).expect("JSON");
            let config = whole_of_its_own(name, number);
            let mut planned = provider.plan(name, &nothing, config).await;
            let spoilt = if is_planned {
                &mut planned.state
            } else {
                &mut planned.config
            };
            *spoilt = with(spoilt, path, gap);
            let stored = provider.apply_as_it_is(name, planned).await;
            assert_recorded_as_told(&bench, &stored, &format!("{name}: {place}")).await;
            made += usize::from(!stored.state.is_null());
        }
        assert_eq!(
            living(&provider, name).await,
            made,
            "{name}: of {number} tries"
        );
        assert!(
            0 < made && made < number,
            "{name}: some can be made, and some cannot"
        );
    }
}

#[tokio::test]
async fn an_update_with_a_gap_anywhere_keeps_the_object() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for name in TYPES {
        let made = provider.create(name, whole(name)).await;
        let config = with(&whole(name), "triggers", json!({"commit": "def"}));
        let planned = async || {
            let planned = provider.plan(name, &made, config.clone()).await;
            assert_no_errors(&planned.told);
            planned
        };
        let right = planned().await;
        for (part, whole) in [
            ("planned", &right.state),
            ("prior", &right.prior),
            ("configured", &right.config),
        ] {
            for (place, _, spoilt) in gaps(whole) {
                let place = format!("{name}, {part}: {place}");
                let mut planned = planned().await;
                match part {
                    "planned" => planned.state = spoilt,
                    "prior" => planned.prior = spoilt,
                    _ => planned.config = spoilt,
                }
                let prior = planned.prior.clone();
                let stored = provider.apply_as_it_is(name, planned).await;
                assert_no_panic(&stored.told, &place);
                assert!(!stored.state.is_null(), "the state was lost: {place}");
                let is_kept = has_errors(&stored.told) && stored.state == unrefined(&prior);
                assert!(
                    is_kept || !holds_unknown(&stored.state),
                    "{place}: {stored:?}"
                );
                assert!(bench.record(&made).await.record.is_live(), "{place}");
            }
        }
    }
}

#[tokio::test]
async fn a_stored_state_with_a_gap_is_never_taken_for_one_that_is_gone() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for name in TYPES {
        let made = provider.create(name, whole(name)).await;
        for (place, is_unknown, state) in gaps(&made.state) {
            let place = format!("{name}: {place}");
            let spoilt = Stored {
                state: state.clone(),
                ..made.clone()
            };
            let read = provider.read(name, &spoilt).await;
            assert_no_panic(&read.told, &place);
            assert!(!read.state.is_null(), "the state was lost: {place}");
            let planned = provider.plan(name, &spoilt, whole(name)).await;
            assert_no_panic(&planned.told, &place);
            let gone = provider.plan(name, &spoilt, Json::Null).await;
            assert_no_panic(&gone.told, &place);
            let (_, said) = provider.generate(name, &state).await;
            assert_no_panic(&said, &place);
            if !is_unknown {
                // What is stored is JSON, which knows no unknown.
                let upgraded = provider.upgrade(name, 0, &state).await;
                assert_eq!(
                    (&upgraded.state, &upgraded.told),
                    (&state, &vec![]),
                    "{place}"
                );
                let source = Source {
                    provider: "registry.terraform.io/ephemeral-environments/ttl",
                    type_name: name,
                    version: 0,
                    state: &state,
                    private: &made.private,
                    identity: None,
                };
                let (moved, _) = provider.relocate(name, source).await;
                assert_eq!((&moved.state, &moved.told), (&state, &vec![]), "{place}");
            }
            assert!(bench.record(&made).await.record.is_live(), "{place}");
        }
        for (place, _, identity) in gaps(&json!({"id": made.state["id"]})) {
            let (imported, _, said) = provider.import_by_identity(name, &identity).await;
            assert!(has_errors(&said), "{place}");
            assert_no_panic(&said, &place);
            assert_eq!(imported.state, Json::Null);
        }
    }
}
