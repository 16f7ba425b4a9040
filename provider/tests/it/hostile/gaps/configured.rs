//! Gaps in what a person configures: the provider, data sources, ephemeral resources, lists, actions, functions.

use serde_json::{Value as Json, json};

use super::{TYPES, assert_no_panic, gaps, has_errors};
use crate::common::Bench;
use crate::data::functions::right_calls;
use crate::driver::{assert_no_errors, only_error};
use crate::hostile::everywhere::is_panic;
use crate::hostile::{
    whole, whole_actions, whole_data, whole_ephemerals, whole_lists, whole_provider,
};

#[tokio::test]
async fn a_provider_block_with_a_gap_is_taken_where_the_gap_is_unknown() {
    let bench = Bench::new();
    let provider = bench.unconfigured(&[]).await;
    for (place, is_unknown, config) in gaps(&whole_provider()) {
        let said = provider.configure(config).await;
        assert_no_panic(&said, &place);
        assert!(!(is_unknown && has_errors(&said)), "{place}: {said:?}");
        let first = place.split(['.', ' ']).next().unwrap_or_default();
        let errors = said.iter().filter(|said| said.is_error);
        for error in errors {
            assert!(
                error.at.starts_with(first),
                "not at its attribute: {place}: {error:?}"
            );
        }
    }
    assert!(!bench.ledger().exists(), "configuring opens no ledger");
}

#[tokio::test]
async fn a_data_source_with_an_unknown_is_checked_and_not_read() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (name, whole) in whole_data() {
        assert_no_errors(&provider.validate_data(name, whole.clone()).await);
        for (place, is_unknown, config) in gaps(&whole) {
            let place = format!("{name}: {place}");
            let said = provider.validate_data(name, config.clone()).await;
            assert_no_panic(&said, &place);
            let (object, read) = provider.read_data(name, config).await;
            assert_no_panic(&read, &place);
            if is_unknown {
                assert!(!has_errors(&said), "{place}: {said:?}");
                assert_eq!(
                    only_error(&read).summary,
                    "Unknown Value on Reading",
                    "{place}"
                );
                assert_eq!(object, Json::Null);
            }
        }
    }
    assert!(!bench.ledger().exists(), "looking makes no ledger");
}

#[tokio::test]
async fn an_ephemeral_resource_with_an_unknown_is_checked_and_not_opened() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (name, whole) in whole_ephemerals() {
        let (unknowns, nulls): (Vec<_>, Vec<_>) =
            gaps(&whole).partition(|(_, is_unknown, _)| *is_unknown);
        for (place, _, config) in unknowns {
            assert_no_errors(&provider.validate_ephemeral(name, config.clone()).await);
            let open = provider.open(name, config).await;
            assert_eq!(
                only_error(&open.told).summary,
                "Unknown Value on Opening",
                "{place}"
            );
            assert_eq!((open.result, open.private), (Json::Null, None), "{place}");
        }
        assert!(!bench.ledger().exists(), "nothing was recorded");
        for (place, _, config) in nulls {
            let open = provider.open(name, config).await;
            assert_no_panic(&open.told, &place);
            assert_eq!(open.result.is_null(), has_errors(&open.told), "{place}");
        }
    }
}

#[tokio::test]
async fn a_list_with_an_unknown_filter_lists_nothing_instead_of_everything() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for name in TYPES {
        provider.create(name, whole(name)).await;
    }
    for (name, whole) in whole_lists() {
        for (place, is_unknown, config) in gaps(&whole) {
            let place = format!("{name}: {place}");
            let said = provider.validate_list(name, config.clone()).await;
            assert_no_panic(&said, &place);
            let (items, listed) = provider.list(name, config, 0, true).await;
            assert_no_panic(&listed, &place);
            if is_unknown {
                assert!(!has_errors(&said), "{place}: {said:?}");
                assert_eq!(
                    only_error(&listed).summary,
                    "Unknown Value in a List",
                    "{place}"
                );
                assert_eq!(items.len(), 0, "{place}");
            }
        }
    }
}

#[tokio::test]
async fn an_action_with_an_unknown_is_planned_and_does_nothing() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (name, whole) in whole_actions() {
        for (place, is_unknown, config) in gaps(&whole) {
            let place = format!("{name}: {place}");
            let said = provider.plan_action(name, config.clone()).await;
            assert_no_panic(&said, &place);
            let (words, done) = provider.invoke(name, config).await;
            assert_no_panic(&done, &place);
            assert!(has_errors(&done), "there is nothing to act on: {place}");
            assert_eq!(words, Vec::<String>::new(), "{place}");
            assert!(!(is_unknown && has_errors(&said)), "{place}: {said:?}");
        }
    }
    assert!(!bench.ledger().exists(), "acting makes no ledger");
}

#[tokio::test]
async fn a_function_answers_or_names_the_argument_with_the_gap() {
    let provider = Bench::new().unconfigured(&[]).await;
    for (name, arguments, _) in right_calls() {
        for (place, _, with_gap) in gaps(&json!(arguments)) {
            let place = format!("{name}: {place}");
            let arguments = with_gap.as_array().expect("arguments");
            if let Err(refused) = provider.call(name, arguments).await {
                assert!(!is_panic(&refused.text), "{place}: {refused:?}");
                let argument = refused.argument.map(|argument| argument.to_string());
                let meant = place.split([' ', '.']).nth(1);
                assert_eq!(argument.as_deref(), meant, "{place}: {refused:?}");
            }
        }
    }
}
