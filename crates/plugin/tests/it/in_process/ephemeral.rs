//! A lantern from lighting to putting out, each step going wrong in its own way, and the end of a provider's life.

use super::*;
use crate::workshop::lantern::refill_at;

const LANTERN: &str = "workshop_lantern";

fn lit(behaviour: &str) -> Json {
    json!({"name": "a", "behaviour": behaviour})
}

#[tokio::test]
async fn a_lantern_is_lit_refilled_and_put_out_with_what_lighting_gave() {
    let driver = workshop().await;
    let open = driver.open(LANTERN, named("a")).await;
    assert_no_errors(&open.told);
    assert_eq!(
        open.result,
        json!({"name": "a", "behaviour": null, "colour": "yellow", "light": "bright"})
    );
    assert_eq!(open.renew_at, Some(refill_at()), "to the nanosecond");
    let once = driver.renew(LANTERN, &open).await;
    assert_eq!(once.renew_at, Some(refill_at()));
    let twice = driver.renew(LANTERN, &once).await;
    assert_eq!((twice.renew_at, twice.told), (None, vec![]));
    assert_eq!(driver.close(LANTERN, &open).await, []);
    assert_eq!(
        driver.server.definition().lights.notes(),
        ["lit a", "refilled a 1", "refilled a 2", "put out a"]
    );
    let for_ever = driver.open(LANTERN, lit("burns for ever")).await;
    assert_eq!(for_ever.renew_at, None);
}

#[tokio::test]
async fn a_lantern_s_configuration_is_checked_like_any_other_and_may_be_unknown_until_it_is_lit() {
    let driver = workshop().await;
    for (config, summary, at) in [
        (json!({}), "Missing Required Value", "name"),
        (
            json!({"name": "a", "light": "x"}),
            "Value for a Read-Only Attribute",
            "light",
        ),
        (
            json!({"name": "a", "colour": "black"}),
            "No Such Colour",
            "colour",
        ),
        (json!({"name": []}), "Wrong Type", "name"),
        (
            json!({"name": "a", "oil": 1}),
            "Unsupported Attribute",
            "oil",
        ),
    ] {
        let said = driver.validate_ephemeral(LANTERN, config.clone()).await;
        let error = only_error(&said);
        assert_eq!(
            (error.summary.as_str(), error.at.as_str()),
            (summary, at),
            "{config}"
        );
    }
    let unknown = json!({"name": UNKNOWN});
    let said = driver.validate_ephemeral(LANTERN, unknown.clone()).await;
    assert_eq!(said, []);
    let refused = driver.open(LANTERN, unknown).await;
    assert_eq!(
        only_error(&refused.told).summary,
        "Unknown Value on Opening"
    );
    assert_eq!(driver.server.definition().lights.notes(), [""; 0]);
}

#[tokio::test]
async fn each_step_that_fails_says_why_and_keeps_what_there_was() {
    let driver = workshop().await;
    for (how, said) in [
        ("fail on open", "Not Lit"),
        ("no reason on open", "No Answer from the Provider"),
        ("panic on open", "Provider Panicked"),
    ] {
        let open = driver.open(LANTERN, lit(how)).await;
        assert_eq!(only_error(&open.told).summary, said);
        assert_eq!((open.result, open.private), (Json::Null, None));
    }
    for (how, said) in [
        ("fail on renew", "Not Refilled"),
        ("no reason on renew", "No Answer from the Provider"),
        ("panic on renew", "Provider Panicked"),
    ] {
        let open = driver.open(LANTERN, lit(how)).await;
        let renewed = driver.renew(LANTERN, &open).await;
        assert_eq!(only_error(&renewed.told).summary, said);
        assert_eq!(renewed.renew_at, None);
    }
    for (how, said) in [
        ("fail on close", "Not Put Out"),
        ("panic on close", "Provider Panicked"),
    ] {
        let open = driver.open(LANTERN, lit(how)).await;
        let told = driver.close(LANTERN, &open).await;
        assert_eq!(only_error(&told).summary, said);
    }
    let open = driver.open(LANTERN, named("a")).await;
    let spoilt = crate::driver::ephemeral::Open {
        private: Some(vec![0xc1]),
        ..open
    };
    let told = driver.close(LANTERN, &spoilt).await;
    assert_eq!(only_error(&told).summary, "Unreadable Private State");
}

#[tokio::test]
async fn an_object_that_is_not_known_in_full_is_never_given_out() {
    let driver = workshop().await;
    let open = driver.open(LANTERN, lit("never known")).await;
    let error = only_error(&open.told);
    assert_eq!(error.summary, "Provider Produced an Unsendable Value");
    assert_eq!(open.result, Json::Null);
}

#[tokio::test]
async fn an_interruption_is_told_each_time_and_neither_a_panic_nor_a_hang_in_it_stops_anything() {
    let driver = workshop().await;
    let lights = &driver.server.definition().lights;
    for trouble in ["none", "panic in stopping", "hang in stopping"] {
        lights.note(trouble);
        let stop = Request::new(proto::stop_provider::Request {});
        let answer = driver.server.stop_provider(stop).await.expect("an answer");
        assert_eq!(answer.into_inner().error, "");
    }
    let told = lights.notes();
    assert_eq!(
        told.iter().filter(|note| *note == "stopping").count(),
        3,
        "{told:?}"
    );
    assert_no_errors(&driver.open(LANTERN, named("a")).await.told);
}

#[tokio::test]
async fn the_types_are_told_with_the_schema_and_with_the_metadata() {
    let driver = workshop().await;
    let block = driver.ephemeral_block(LANTERN);
    let names = block.attributes.iter().map(|one| one.name.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["behaviour", "colour", "light", "name"]
    );
    let request = Request::new(proto::get_metadata::Request {});
    let metadata = driver.server.get_metadata(request).await;
    let types = metadata
        .expect("an answer")
        .into_inner()
        .ephemeral_resources;
    let types: Vec<_> = types.iter().map(|one| one.type_name.as_str()).collect();
    assert_eq!(types, [LANTERN]);
}
