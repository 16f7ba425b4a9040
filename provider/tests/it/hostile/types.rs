//! A value of the wrong type at every place of every resource: refused where it stands, and nothing else happens.

use serde_json::{Value as Json, json};

use super::everywhere::is_panic;
use super::{ENVIRONMENT, LEASE, whole};
use crate::common::{Bench, paths, with};
use crate::driver::Stored;

/// Values of every type but the one at hand.
fn others(value: &Json) -> Vec<Json> {
    let all = [
        json!(true),
        json!(3),
        json!("text"),
        json!([]),
        json!([1, "a"]),
        json!({}),
        json!({"no such member": 1}),
    ];
    all.into_iter()
        .filter(|other| std::mem::discriminant(other) != std::mem::discriminant(value))
        .collect()
}

#[tokio::test]
async fn a_value_of_another_type_anywhere_is_an_error_and_creates_nothing() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for name in [ENVIRONMENT, LEASE] {
        let whole = whole(name);
        for path in paths(&whole) {
            let pointer = format!("/{}", path.replace('.', "/"));
            let right = whole.pointer(&pointer).expect("the path is there");
            for wrong in others(right) {
                let config = with(&whole, &path, wrong.clone());
                let said = provider.validate(name, config.clone()).await;
                let place = format!("{name}: {path} = {wrong}: {said:?}");
                assert!(said.iter().any(|said| said.is_error), "{place}");
                assert!(said.iter().all(|said| !is_panic(&said.summary)), "{place}");
                let first = path.split('.').next().unwrap_or_default();
                assert!(
                    said.iter().all(|said| said.at.starts_with(first)),
                    "not at its attribute: {place}"
                );
            }
        }
    }
    assert!(!bench.ledger().exists(), "validation made a ledger");
}

#[tokio::test]
async fn a_stored_state_of_another_type_anywhere_is_kept_as_it_is() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for name in [ENVIRONMENT, LEASE] {
        let config = match name {
            ENVIRONMENT => json!({"name": "pr-1"}),
            _ => json!({"ttl": "4h"}),
        };
        let made = provider.create(name, config).await;
        for path in paths(&made.state) {
            let pointer = format!("/{}", path.replace('.', "/"));
            let right = made.state.pointer(&pointer).expect("the path is there");
            for wrong in others(right) {
                let spoilt = Stored {
                    state: with(&made.state, &path, wrong.clone()),
                    ..made.clone()
                };
                let read = provider.read(name, &spoilt).await;
                let place = format!("{name}: {path} = {wrong}: {:?}", read.told);
                assert!(!read.state.is_null(), "the state was lost: {place}");
                assert!(
                    read.told.iter().all(|said| !is_panic(&said.summary)),
                    "{place}"
                );
            }
        }
    }
}
