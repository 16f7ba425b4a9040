//! States of five megabytes and more: taken, answered and kept as they are.

use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::{Value as Json, json};

use super::{ENVIRONMENT, LEASE};
use crate::common::Bench;
use crate::driver::{Driver, assert_no_errors};
use crate::process::plugin;

/// A map of about `megabytes` MB.
fn heavy(megabytes: usize) -> Json {
    let text = "x".repeat(1_000);
    (0..megabytes * 1_000)
        .map(|place| (format!("key-{place}"), json!(text)))
        .collect::<serde_json::Map<String, Json>>()
        .into()
}

/// Made, read, planned and destroyed.
async fn a_life_with_five_megabytes<P: Provider>(provider: &Driver<P>) {
    let config = json!({"name": "pr-1", "triggers": heavy(5)});
    let made = provider.create(ENVIRONMENT, config.clone()).await;
    assert_eq!(made.state["triggers"], config["triggers"]);
    let read = provider.read(ENVIRONMENT, &made).await;
    assert_no_errors(&read.told);
    assert_eq!(read.state, made.state);
    let again = provider.plan(ENVIRONMENT, &made, config).await;
    assert_eq!(again.state, made.state, "a second plan has nothing to do");
    let gone = provider.change(ENVIRONMENT, &made, Json::Null).await;
    assert_eq!(gone.state, Json::Null);
}

#[tokio::test]
async fn an_environment_with_five_megabytes_of_triggers_lives_its_whole_life() {
    let bench = Bench::new();
    a_life_with_five_megabytes(&bench.provider().await).await;
}

#[tokio::test]
async fn an_environment_with_five_megabytes_of_triggers_lives_its_whole_life_over_a_socket() {
    let bench = Bench::new();
    let (mut process, provider) = bench.process(&mut plugin()).await;
    a_life_with_five_megabytes(&provider).await;
    drop(provider);
    process.shutdown().await;
    assert_eq!(process.ended().await.errors, "");
}

#[tokio::test]
async fn a_stored_state_of_twenty_megabytes_is_read_from_json() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let made = provider.create(LEASE, json!({"ttl": "4h"})).await;
    let mut stored = made.state.clone();
    stored["triggers"] = heavy(20);
    let upgraded = provider.upgrade(LEASE, 0, &stored).await;
    assert_no_errors(&upgraded.told);
    assert_eq!(upgraded.state["triggers"], stored["triggers"]);
}
