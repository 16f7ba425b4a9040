//! The examples that the terraform of these tests is too old to read, read here: what they configure is accepted over the
//! wire.

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};
use plugin::proto::tfplugin6::provider_server::Provider as _;
use serde_json::{Map, Value as Json};

use crate::common::Bench;

fn body(path: &str) -> Body {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples");
    let text = std::fs::read_to_string(format!("{root}/{path}"));
    let text = text.unwrap_or_else(|error| panic!("{path}: {error}"));
    hcl_edit::parser::parse_body(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn arguments(body: &Body) -> Json {
    let attributes = body.attributes().map(|attribute| {
        let value = match &attribute.value {
            Expression::String(text) => Json::from(text.as_str()),
            Expression::Bool(flag) => Json::from(*flag.value()),
            other => panic!("a text or a bool was expected, found {other:?}"),
        };
        (attribute.key.to_string().trim().to_owned(), value)
    });
    Json::Object(attributes.collect::<Map<_, _>>())
}

/// The only block of a file, by its kind and type, and what its `config` sets.
fn configured(path: &str, kind: &str, type_name: &str) -> Json {
    let body = body(path);
    let blocks: Vec<&Block> = body.blocks().collect();
    let [block] = blocks.as_slice() else {
        panic!("{path}: one block was expected");
    };
    assert_eq!(block.ident.as_str(), kind, "{path}");
    assert_eq!(block.labels[0].as_str(), type_name, "{path}");
    let config = block.body.get_blocks("config").next();
    arguments(&config.unwrap_or_else(|| panic!("{path}: no `config`")).body)
}

#[tokio::test]
async fn every_example_of_an_action_and_of_a_list_is_accepted() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for action in provider.schema.action_schemas.keys() {
        let path = format!("actions/{action}/action.tf");
        let config = configured(&path, "action", action);
        assert_eq!(provider.plan_action(action, config).await, [], "{path}");
    }
    for list in provider.schema.list_resource_schemas.keys() {
        let path = format!("list-resources/{list}/list-resource.tfquery.hcl");
        let config = configured(&path, "list", list);
        assert_eq!(provider.validate_list(list, config).await, [], "{path}");
    }
}

#[tokio::test]
async fn every_example_of_an_import_by_identity_has_the_parts_of_the_identity() {
    let bench = Bench::new();
    let provider = bench.provider().await;
    for (type_name, schema) in provider.identity_schemas().await.identity_schemas {
        let body = body(&format!("resources/{type_name}/import-by-identity.tf"));
        let import = body.get_blocks("import").next().expect("an import block");
        let identity = import.body.get_attribute("identity").expect("an identity");
        let Expression::Object(identity) = &identity.value else {
            panic!("{type_name}: an identity is an object");
        };
        assert_eq!(identity.len(), schema.identity_attributes.len());
        for part in schema.identity_attributes {
            let key = |key: &hcl_edit::expr::ObjectKey| {
                key.as_ident()
                    .is_some_and(|name| name.as_str() == part.name)
            };
            assert!(
                identity.iter().any(|(name, _)| key(name)),
                "{type_name}: {}",
                part.name
            );
        }
    }
    let metadata = provider
        .server
        .get_metadata(tonic::Request::new(Default::default()))
        .await;
    let metadata = metadata.expect("an answer").into_inner();
    assert_eq!(
        (metadata.list_resources.len(), metadata.actions.len()),
        (2, 3)
    );
}
