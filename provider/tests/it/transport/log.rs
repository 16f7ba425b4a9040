//! The log shows what its level asks for.

use std::collections::BTreeSet;

use provider::wire::proto::tfplugin6 as proto;

use crate::driver::process::{Process, plugin};

async fn levels_at(level: &str) -> BTreeSet<String> {
    let mut process = Process::start(plugin().env("TF_LOG", level)).await;
    let request = proto::get_provider_schema::Request {};
    process
        .client
        .get_provider_schema(request)
        .await
        .expect("an answer");
    process.shutdown().await;
    let end = process.ended().await;
    let lines = end.errors.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("one JSON object a line");
        line["@level"].as_str().expect("a level").to_owned()
    });
    lines.collect()
}

#[tokio::test]
async fn each_level_shows_itself_and_what_is_graver_and_nothing_else() {
    let order = ["trace", "debug", "info", "warn", "error"];
    for (level, place) in order.into_iter().zip(0..) {
        let shown = levels_at(&level.to_uppercase()).await;
        let allowed: BTreeSet<String> = order[place..].iter().map(ToString::to_string).collect();
        assert!(shown.is_subset(&allowed), "{level} shows {shown:?}");
    }
    assert!(levels_at("TRACE").await.len() > levels_at("ERROR").await.len());
    assert_eq!(levels_at("OFF").await, BTreeSet::new());
}
