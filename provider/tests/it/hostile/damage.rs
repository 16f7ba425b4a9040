//! Damaged messages: random bytes, damaged copies of good messages, good messages of another shape. The same entry as
//! the fuzz target in `fuzz/`, for a bounded number of cases.

use std::cell::RefCell;

use ledger::book::Stored as Recorded;
use plugin::proto::tfplugin6::DynamicValue;
use plugin::proto::tfplugin6::provider_server::Provider;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use super::anything::{any_value, intruder, places, replace};
use super::everywhere::{Everything, send};
use super::{
    ENVIRONMENT, LEASE, whole, whole_actions, whole_data, whole_ephemerals, whole_lists,
    whole_provider,
};
use crate::common::{Bench, Provider as InProcess};
use crate::driver::values::{dv, jv};
use crate::driver::{Driver, Stored};
use crate::process::plugin;

/// Enough to reach every kind of first byte and every attribute, and done within seconds.
const CASES: u32 = 200;

/// The objects that stand in the ledger: one of each type that messages are about, and one that none is about.
async fn everything<P: Provider>(server: &P) -> Everything {
    let environment = environment_beside("pr-128").to_string();
    let kept = environment_beside("kept").to_string();
    let lease = whole(LEASE).to_string();
    let companions = [(ENVIRONMENT, environment.as_str()), (LEASE, lease.as_str())];
    let keepers = [(ENVIRONMENT, kept.as_str()), (LEASE, lease.as_str())];
    let everything = Everything::of(server, "{}", &companions, &keepers).await;
    let private = everything.private();
    assert_eq!(private.len(), 3, "of two objects and of a run");
    assert!(private.iter().all(|bytes| !bytes.is_empty()));
    everything
}

fn environment_beside(name: &str) -> Json {
    let mut config = whole(ENVIRONMENT);
    config["name"] = json!(name);
    config["state"]["config"]["key"] = json!(name);
    config
}

/// The records of the keepers, with their trails.
async fn kept(bench: &Bench, everything: &Everything) -> Vec<(Recorded, String)> {
    let mut all = Vec::new();
    for (_, state, private) in everything.keepers() {
        let stored = Stored {
            state: jv(state),
            private: private.to_vec(),
            told: Vec::new(),
        };
        assert_eq!(
            bench.events(&stored).await.len(),
            1,
            "it was made, and nothing else"
        );
        all.push((bench.record(&stored).await, bench.trail(&stored).await));
    }
    all
}

struct Victim {
    runtime: Runtime,
    provider: InProcess,
    everything: RefCell<Everything>,
    good: Vec<Vec<u8>>,
}

/// Configurations with everything set, of every kind and for every type.
fn wholes() -> Vec<Json> {
    let resources = [ENVIRONMENT, LEASE].map(|name| (name, whole(name)));
    let configs = resources
        .into_iter()
        .chain(whole_data())
        .chain(whole_ephemerals())
        .chain(whole_lists())
        .chain(whole_actions());
    let configs = configs.map(|(_, config)| config);
    configs.chain([whole_provider()]).collect()
}

/// Good messages, as Terraform would send them; and what it keeps for the provider.
fn good(everything: &Everything) -> Vec<Vec<u8>> {
    let configs = wholes().into_iter();
    let mut good: Vec<Vec<u8>> = configs.map(|config| dv(&config).msgpack).collect();
    good.extend(everything.private());
    for msgpack in everything.states() {
        // What is stored is stored as JSON.
        let json = Vec::new();
        let state = jv(&DynamicValue {
            msgpack: msgpack.clone(),
            json,
        });
        good.extend([state.to_string().into_bytes(), msgpack]);
    }
    good
}

fn check(victim: &Victim, bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut everything = victim.everything.borrow_mut();
    let asked = send(&victim.provider.server, &mut everything, bytes);
    let complaints = victim.runtime.block_on(asked);
    prop_assert!(
        complaints.is_empty(),
        "{bytes:02x?}\n{}",
        complaints.join("\n")
    );
    Ok(())
}

/// One provider for all cases: what a message leaves behind must not hurt the next one either.
#[track_caller]
fn run<S: Strategy>(strategy: &S, bytes_of: impl Fn(&[Vec<u8>], S::Value) -> Vec<u8>) {
    let runtime = Runtime::new().expect("a runtime");
    let bench = Bench::new();
    let provider = runtime.block_on(bench.unconfigured(&[]));
    let everything = runtime.block_on(everything(&provider.server));
    let before = runtime.block_on(kept(&bench, &everything));
    let victim = Victim {
        runtime,
        provider,
        good: good(&everything),
        everything: RefCell::new(everything),
    };
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        check(&victim, &bytes_of(&victim.good, value))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
    let everything = victim.everything.borrow();
    let after = victim.runtime.block_on(kept(&bench, &everything));
    assert_eq!(after, before, "what no message was about is as it was");
}

#[test]
fn random_bytes_are_answered() {
    run(&prop::collection::vec(any::<u8>(), 0..64), |_, bytes| bytes);
}

#[test]
fn damaged_copies_of_good_messages_are_answered() {
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let which = any::<prop::sample::Index>();
    let damaged = (which, damage, any::<prop::sample::Index>());
    run(&damaged, |good, (which, damage, end)| {
        let mut bytes = which.get(good).clone();
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

/// A good message in which some values are replaced by any others, so that the shape is right and the content is not.
#[test]
fn good_messages_with_any_values_in_them_are_answered() {
    let replaced = prop::collection::vec((any::<prop::sample::Index>(), intruder()), 1..4);
    let which = any::<prop::sample::Index>();
    run(&(which, replaced), |good, (which, replaced)| {
        // Of what is JSON there is a message with the same content in msgpack.
        let good = good.iter().filter(|good| !good.starts_with(b"{"));
        let good: Vec<_> = good.collect();
        let good = which.get(&good);
        let mut message = rmpv::decode::read_value(&mut good.as_slice()).expect("it is good");
        for (place, value) in replaced {
            let place = place.index(places(&message));
            replace(&mut message, place, value);
        }
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &message).expect("a Vec grows");
        bytes
    });
}

#[test]
fn values_of_any_shape_are_answered() {
    run(&any_value(), |_, value| {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &value).expect("a Vec grows");
        bytes
    });
}

/// The way there may hang or lose something too, and a process may die of what its calls survive.
#[test]
fn a_process_answers_damaged_messages_and_ends_well() {
    let bench = Bench::new();
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (mut process, provider) = bench.process(&mut plugin()).await;
        let Driver { server, .. } = provider;
        let mut everything = everything(&server).await;
        let before = kept(&bench, &everything).await;
        for message in good(&everything) {
            for bytes in [&message[..], &message[..message.len() / 2], &message[1..]] {
                let complaints = send(&server, &mut everything, bytes).await;
                assert_eq!(complaints, Vec::<String>::new(), "{bytes:02x?}");
            }
        }
        assert_eq!(kept(&bench, &everything).await, before);
        drop(server);
        process.shutdown().await;
        let end = process.ended().await;
        assert_eq!(end.status.code(), Some(0));
        assert_eq!(end.errors, "", "no panic is told on standard error");
    });
}

/// From random bytes alone a fuzzer takes long to an attribute's name.
#[test]
fn the_seeds_of_the_fuzz_target_are_configurations_with_everything_set() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/seeds/decoder");
    let files = std::fs::read_dir(folder).expect("the seeds");
    let seeds: Vec<Json> = files
        .map(|file| {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            serde_json::from_str(&text).expect("JSON")
        })
        .collect();
    let wholes = wholes();
    let strange = seeds.iter().filter(|seed| !wholes.contains(seed));
    assert_eq!(strange.count(), 0, "seeds that say something else");
    for whole in &wholes {
        assert!(seeds.contains(whole), "there is no seed that says {whole}");
    }
}
