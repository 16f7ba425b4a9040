//! What a schema calls sensitive or write-only is repeated by no message, whatever is wrong with it.

use plugin::proto::tfplugin6::{ClientCapabilities, schema::Block};
use serde_json::{Map, Value as Json, json};

use super::places;
use crate::common::{Bench, Provider};
use crate::driver::Stored;
use crate::driver::values::Told;

/// No value of these is right, and all of them are secrets; [`places`] finds each in a message.
const SECRETS: [&str; 4] = ["hunter2", "run-a.hunter2", " hunter2\n", "hunter2.hunter2"];

/// The attributes of `block` that nobody may see afterwards and a configuration may set.
fn secret(block: &Block) -> Vec<String> {
    let attributes = block.attributes.iter();
    let found = attributes
        .filter(|one| (one.sensitive || one.write_only) && (one.optional || one.required));
    found.map(|one| one.name.clone()).collect()
}

fn with_secret(names: &[String], secret: &str) -> Json {
    let members = names.iter().map(|name| (name.clone(), json!(secret)));
    Json::Object(members.collect::<Map<_, _>>())
}

#[track_caller]
fn refused(told: &[Told], names: &[String]) {
    let places = places(told);
    for name in names {
        assert!(places.contains(&name.as_str()), "{name}: {told:#?}");
    }
}

#[tokio::test]
async fn no_message_repeats_what_a_schema_calls_sensitive_or_write_only() {
    let bench = Bench::new();
    let provider: Provider = bench.provider().await;
    let schema = &provider.schema;
    let block = schema.provider.clone().and_then(|schema| schema.block);
    let names = secret(&block.expect("a block"));
    assert_eq!(names, ["run_token"]);
    for secret in SECRETS {
        let block = bench.unconfigured(&[]).await;
        refused(&block.configure(with_secret(&names, secret)).await, &names);
    }
    let mut seen = Vec::new();
    for (kind, schema) in &schema.resource_schemas {
        let names = secret(schema.block.as_ref().expect("a block"));
        for secret in SECRETS {
            let config = with_secret(&names, secret);
            refused(&provider.validate(kind, config.clone()).await, &names);
            let old = Some(ClientCapabilities::default());
            refused(
                &provider.validate_for(old, kind, config.clone()).await,
                &names,
            );
            let planned = provider.plan(kind, &Stored::nothing(), config).await;
            refused(&planned.told, &names);
        }
        seen.extend(names.into_iter().map(|name| format!("{kind}.{name}")));
    }
    assert_eq!(seen, ["ttl_lease.run_token"]);
    let others = [
        &schema.data_source_schemas,
        &schema.ephemeral_resource_schemas,
    ];
    let others = others.into_iter().chain([&schema.list_resource_schemas]);
    let actions = schema.action_schemas.values();
    let actions = actions.filter_map(|action| action.schema.as_ref());
    for schema in others.flat_map(|schemas| schemas.values()).chain(actions) {
        let block = schema.block.as_ref().expect("a block");
        assert_eq!(secret(block), [""; 0], "give it a secret here too");
    }
}
