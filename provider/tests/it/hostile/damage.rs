//! Damaged messages: random bytes, damaged copies of good messages, good messages of another shape. The same entry as
//! the fuzz target in `fuzz/`, for a bounded number of cases.

use std::sync::OnceLock;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use provider::wire::Server;
use rmpv::Value as Msgpack;
use serde_json::json;
use tokio::runtime::Runtime;

use super::everywhere::{Everything, send};
use super::{ENVIRONMENT, LEASE, whole};
use crate::common::{Bench, Provider};
use crate::driver::values::dv;
use crate::support::Workshop;

/// Enough to reach every kind of first byte and every attribute, and done within seconds.
const CASES: u32 = 400;

struct Victim {
    runtime: Runtime,
    provider: Provider,
    everything: Everything,
    // The directory must outlive the provider.
    bench: Bench,
}

/// One provider for all cases: what a message leaves behind must not hurt the next one either.
fn victim() -> Victim {
    let runtime = Runtime::new().expect("a runtime");
    let bench = Bench::new();
    let provider = runtime.block_on(bench.provider());
    let everything = runtime.block_on(Everything::of(&provider.server));
    Victim {
        runtime,
        provider,
        everything,
        bench,
    }
}

fn check(victim: &Victim, bytes: &[u8]) -> Result<(), TestCaseError> {
    let asked = send(&victim.provider.server, &victim.everything, bytes);
    let complaints = victim.runtime.block_on(asked);
    prop_assert!(
        complaints.is_empty(),
        "{bytes:02x?}\n{}",
        complaints.join("\n")
    );
    Ok(())
}

#[track_caller]
fn run<S: Strategy>(strategy: &S, bytes_of: impl Fn(S::Value) -> Vec<u8>) {
    let victim = victim();
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(strategy, |value| check(&victim, &bytes_of(value)));
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(
        !victim.bench.ledger().exists()
            || 0 < std::fs::metadata(victim.bench.ledger()).map_or(0, |file| file.len()),
        "the ledger is whole or was never made"
    );
}

/// Good messages, as Terraform would send them.
fn good() -> &'static [Vec<u8>] {
    static GOOD: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    GOOD.get_or_init(|| {
        [ENVIRONMENT, LEASE]
            .map(|name| dv(&whole(name)).msgpack)
            .to_vec()
    })
}

#[test]
fn random_bytes_are_answered() {
    run(&prop::collection::vec(any::<u8>(), 0..64), |bytes| bytes);
}

#[test]
fn damaged_copies_of_good_messages_are_answered() {
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let damaged = (0..good().len(), damage, any::<prop::sample::Index>());
    run(&damaged, |(which, damage, end)| {
        let mut bytes = good()[which].clone();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        // Every other one is cut off as well.
        let length = bytes.len();
        bytes.truncate(end.index(2 * length).max(1));
        bytes
    });
}

fn any_value() -> impl Strategy<Value = Msgpack> {
    let leaf = prop_oneof![
        Just(Msgpack::Nil),
        any::<bool>().prop_map(Msgpack::from),
        any::<i64>().prop_map(Msgpack::from),
        any::<f64>().prop_map(Msgpack::from),
        ".{0,12}".prop_map(Msgpack::from),
        Just(Msgpack::from("72h")),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(Msgpack::Binary),
        (any::<i8>(), prop::collection::vec(any::<u8>(), 0..4))
            .prop_map(|(kind, bytes)| Msgpack::Ext(kind, bytes)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let key = prop_oneof!["[a-z_]{1,8}".prop_map(Msgpack::from), inner.clone()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Msgpack::Array),
            prop::collection::vec((key, inner), 0..4).prop_map(Msgpack::Map),
        ]
    })
}

/// A good message in which some values are replaced by any others, so that the shape is right and the content is not.
#[test]
fn good_messages_with_any_values_in_them_are_answered() {
    let replaced = prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..5);
    run(&(0..good().len(), replaced), |(which, replaced)| {
        let mut message =
            rmpv::decode::read_value(&mut good()[which].as_slice()).expect("it is good");
        if let Msgpack::Map(entries) = &mut message {
            for (place, value) in replaced {
                let place = place.index(entries.len());
                entries[place].1 = value;
            }
        }
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &message).expect("a Vec grows");
        bytes
    });
}

#[test]
fn values_of_any_shape_are_answered() {
    run(&any_value(), |value| {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &value).expect("a Vec grows");
        bytes
    });
}

/// The ear itself: a panic is heard, and a text that only mentions one is not taken for it.
#[tokio::test]
async fn a_panic_in_any_call_is_a_complaint() {
    let server = Server::new(Workshop::default());
    let everything = Everything::of(&server).await;
    let widget = |behaviour: &str| {
        let widget = json!({"name": "a", "behaviour": behaviour, "notify": []});
        rmp_serde::to_vec_named(&widget).expect("msgpack")
    };
    let heard = send(&server, &everything, &widget("panic on plan")).await;
    assert!(
        heard.iter().any(|said| said.contains("boom in plan")),
        "{heard:?}"
    );
    let heard = send(&server, &everything, &widget("it panicked")).await;
    assert_eq!(heard, Vec::<String>::new());
}
