//! Both types as clients since Terraform 1.12 see them, and their states between our two addresses and through the
//! upgrade of a state: the id is what tells them apart, and old states are read as they are.

use serde_json::{Value as Json, json};

use crate::common::{Bench, Provider};
use crate::driver::identity::Source;
use crate::driver::{Stored, only_error};

const TYPES: [&str; 2] = ["ephemeral_environment", "ttl_lease"];

async fn both(provider: &Provider) -> [(&'static str, Stored); 2] {
    let environment = provider.create(TYPES[0], json!({"name": "pr-1"})).await;
    let lease = provider.create(TYPES[1], json!({"ttl": "2h"})).await;
    [(TYPES[0], environment), (TYPES[1], lease)]
}

fn identity(stored: &Stored) -> Json {
    json!({"id": stored.state["id"]})
}

#[tokio::test]
async fn the_id_is_the_identity_and_imports_like_the_id_itself() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    let schemas = provider.identity_schemas().await.identity_schemas;
    for (type_name, made) in both(&provider).await {
        assert_eq!(schemas[type_name].identity_attributes[0].name, "id");
        let known = identity(&made);
        let read = provider.read_identity(type_name, &made, None).await;
        assert_eq!(read, known, "{type_name}");
        let (by_identity, its_identity, told) =
            provider.import_by_identity(type_name, &known).await;
        assert_eq!((told, &its_identity), (vec![], &known));
        let id = made.state["id"].as_str().expect("an id");
        let by_id = provider.import(type_name, id).await;
        assert_eq!(by_identity.state, by_id.state);
        assert_eq!(by_identity.private, by_id.private, "which ledger it was");
    }
}

#[tokio::test]
async fn an_identity_that_names_nothing_imports_nothing() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (type_name, made) in both(&provider).await {
        let swapped = if type_name == TYPES[0] {
            TYPES[1]
        } else {
            TYPES[0]
        };
        let (stored, _, told) = provider.import_by_identity(swapped, &identity(&made)).await;
        assert_eq!(only_error(&told).summary, "Nothing To Import", "{swapped}");
        assert_eq!(stored.state, Json::Null);
    }
}

#[tokio::test]
async fn an_identity_is_known_from_the_apply_on_and_never_changes() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (type_name, config) in [
        (TYPES[0], json!({"name": "pr-1"})),
        (TYPES[1], json!({"ttl": "2h"})),
    ] {
        let planned = provider
            .plan(type_name, &Stored::nothing(), config.clone())
            .await;
        let (plan, applied) = provider.change_identity(type_name, &planned, None).await;
        assert_eq!(plan, Json::Null, "the id is not known yet");
        let id = applied["id"].as_str().expect("an id").to_owned();
        let made = provider.import(type_name, &id).await;
        let mut renewing = config;
        renewing["triggers"] = json!({"commit": "b"});
        let renewal = provider.plan(type_name, &made, renewing).await;
        let (plan, after) = provider
            .change_identity(type_name, &renewal, Some(&applied))
            .await;
        assert_eq!((&plan, &after), (&applied, &applied));
    }
}

#[tokio::test]
async fn a_state_moves_between_our_addresses_and_is_read_there_without_a_change() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (type_name, made) in both(&provider).await {
        for address in provider::ADDRESSES {
            let source = Source {
                provider: &format!("registry.terraform.io/{address}"),
                type_name,
                version: 0,
                state: &made.state,
                private: &made.private,
                identity: None,
            };
            let (moved, its_identity) = provider.relocate(type_name, source).await;
            assert_eq!((&moved.told, &moved.private), (&vec![], &made.private));
            assert_eq!(
                (&moved.state, &its_identity),
                (&made.state, &identity(&made))
            );
            let read = provider.read(type_name, &moved).await;
            assert_eq!((read.state, read.told), (moved.state, vec![]));
        }
        let foreign = Source {
            provider: "registry.terraform.io/hashicorp/ephemeral",
            type_name,
            version: 0,
            state: &made.state,
            private: &made.private,
            identity: None,
        };
        let (refused, _) = provider.relocate(type_name, foreign).await;
        assert_eq!(only_error(&refused.told).summary, "Move Not Supported");
    }
}

#[tokio::test]
async fn a_state_of_an_older_build_is_read_and_one_of_a_newer_schema_is_refused() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (type_name, made) in both(&provider).await {
        let mut older = made.state.clone();
        let members = older.as_object_mut().expect("a state is an object");
        members.remove("expires_at");
        members.insert("of_yesterday".to_owned(), json!("gone today"));
        let upgraded = provider.upgrade(type_name, 0, &older).await;
        assert_eq!(upgraded.told, []);
        assert_eq!(upgraded.state["expires_at"], Json::Null);
        assert!(upgraded.state.get("of_yesterday").is_none());
        let kept = Stored {
            private: made.private.clone(),
            ..upgraded
        };
        let read = provider.read(type_name, &kept).await;
        assert_eq!((read.state, read.told), (made.state.clone(), vec![]));

        let newer = provider.upgrade(type_name, 1, &made.state).await;
        assert_eq!(only_error(&newer.told).summary, "Unsupported State Version");
    }
}
