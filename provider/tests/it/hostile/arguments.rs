//! Right calls of functions with one odd argument: an answer, or an error at the argument that is odd.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::DynamicValue;
use plugin::proto::tfplugin6::provider_server::Provider as _;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use tokio::runtime::Runtime;
use tonic::Request;

use super::anything::{intruder, places, replace};
use super::everywhere::is_panic;
use crate::common::Bench;
use crate::data::functions::right_calls;
use crate::driver::values::{dv, jv};

/// Functions ask nobody, so many can be called.
const CASES: u32 = 3_000;

#[test]
fn a_right_call_with_any_value_somewhere_is_answered() {
    let runtime = Runtime::new().expect("a runtime");
    let provider = runtime.block_on(Bench::new().unconfigured(&[]));
    let calls = right_calls();
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let strategy = (0..calls.len(), any::<prop::sample::Index>(), intruder());
    let outcome = TestRunner::new(config).run(&strategy, |(which, place, intruder)| {
        let (name, arguments, _) = &calls[which];
        let whole = dv(&json!(arguments)).msgpack;
        let mut whole = rmpv::decode::read_value(&mut whole.as_slice()).expect("msgpack");
        // The list of arguments itself stays a list.
        let place = 1 + place.index(places(&whole) - 1);
        replace(&mut whole, place, intruder);
        let arguments = whole.as_array().expect("a list").iter().map(|argument| {
            let mut msgpack = Vec::new();
            rmpv::encode::write_value(&mut msgpack, argument).expect("a Vec grows");
            DynamicValue {
                msgpack,
                json: Vec::new(),
            }
        });
        let request = Request::new(proto::call_function::Request {
            name: (*name).to_owned(),
            arguments: arguments.collect(),
        });
        let answer = runtime.block_on(provider.server.call_function(request));
        let answer = answer.expect("an answer").into_inner();
        match (answer.result, answer.error) {
            (Some(result), None) => {
                // Readable, which is what `jv` insists on.
                let _ = jv(&result);
            }
            (None, Some(error)) => {
                prop_assert!(!is_panic(&error.text), "{name}: {whole}: {error:?}");
                prop_assert!(!error.text.is_empty(), "{name}: {whole}");
            }
            other => prop_assert!(false, "{name}: {whole}: {other:?}"),
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
