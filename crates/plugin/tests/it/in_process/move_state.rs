//! Moves between provider addresses: within one type and between our own addresses only.

use super::*;
use crate::driver::identity::Source;

fn source<'a>(provider: &'a str, state: &'a Json) -> Source<'a> {
    Source {
        provider,
        type_name: WIDGET,
        version: 2,
        state,
        private: b"kept beside",
        identity: None,
    }
}

#[tokio::test]
async fn a_state_moves_between_the_addresses_of_the_provider_whole_with_what_was_beside_it() {
    let driver = workshop().await;
    let state = json!({"id": "w-a", "name": "a", "size": 1.5, "gone": true});
    for provider in [
        "registry.terraform.io/tests/workshop",
        "registry.opentofu.org/tests/workbench",
    ] {
        let (moved, identity) = driver.relocate(WIDGET, source(provider, &state)).await;
        assert_eq!(moved.told, []);
        assert_eq!(
            (&moved.state["id"], &moved.state["size"]),
            (&json!("w-a"), &json!("1.5"))
        );
        assert_eq!(moved.private, b"kept beside");
        assert_eq!(identity, json!({"name": "a"}));
    }
    let (stored, its_identity) = (
        json!({"id": "w-b", "label": "b"}),
        json!({"name": "as stored"}),
    );
    let older = Source {
        version: 1,
        identity: Some(&its_identity),
        ..source("registry.terraform.io/tests/workbench", &stored)
    };
    let (moved, identity) = driver.relocate(WIDGET, older).await;
    assert_eq!(moved.state["name"], "b", "brought to the schema of today");
    assert_eq!(identity, its_identity);
}

#[tokio::test]
async fn nothing_foreign_becomes_a_widget() {
    let driver = workshop().await;
    let state = json!({"id": "w-a", "name": "a"});
    let stranger = Source {
        type_name: "time_sleep",
        ..source("registry.terraform.io/tests/workshop", &state)
    };
    for (foreign, named) in [
        (
            source("registry.terraform.io/hashicorp/workshop", &state),
            "hashicorp/workshop",
        ),
        (source("workshop", &state), "tests/workbench"),
        (source("", &state), "tests/workshop"),
        (stranger, "time_sleep"),
    ] {
        let (moved, identity) = driver.relocate(WIDGET, foreign).await;
        let error = only_error(&moved.told);
        assert_eq!(error.summary, "Move Not Supported");
        assert!(error.detail.contains(named), "{error:?}");
        assert_eq!((moved.state, identity), (Json::Null, Json::Null));
    }
    let newer = Source {
        version: 3,
        ..source("registry.terraform.io/tests/workshop", &state)
    };
    let (moved, _) = driver.relocate(WIDGET, newer).await;
    assert_eq!(only_error(&moved.told).summary, "Unsupported State Version");
}
