//! Gaps: an unknown, a refined unknown and a null, at every place of everything that is configured, planned or stored, in
//! every call that takes it. What is not known is waited for or refused, never guessed, and nothing is written for it.
//!
//! What a plan promises around a gap is in each type's own tests.

mod configured;
mod objects;

use std::collections::{BTreeSet, HashMap};

use plugin::proto::tfplugin6::Schema;
use plugin::proto::tfplugin6::schema::Attribute;
use serde_json::{Value as Json, json};

use super::everywhere::is_panic;
use super::{
    ENVIRONMENT, LEASE, whole, whole_actions, whole_data, whole_ephemerals, whole_lists,
    whole_provider,
};
use crate::common::{Bench, paths, with};
use crate::driver::values::{REFINED, Told, UNKNOWN};

const TYPES: [&str; 2] = [ENVIRONMENT, LEASE];

/// `whole` with a gap at one place, for every place and every kind: where, whether it is an unknown, and the result.
fn gaps(whole: &Json) -> impl Iterator<Item = (String, bool, Json)> {
    let kinds = [json!(UNKNOWN), json!(REFINED), Json::Null];
    paths(whole).into_iter().flat_map(move |path| {
        let whole = whole.clone();
        kinds.clone().map(|gap| {
            let is_unknown = !gap.is_null();
            let place = format!("{path} = {gap}");
            (place, is_unknown, with(&whole, &path, gap))
        })
    })
}

#[track_caller]
fn assert_no_panic(told: &[Told], place: &str) {
    assert!(
        told.iter().all(|said| !is_panic(&said.summary)),
        "{place}: {told:?}"
    );
}

fn has_errors(told: &[Told]) -> bool {
    told.iter().any(|said| said.is_error)
}

/// What can be configured of all `wholes` together.
fn set(wholes: &[(&'static str, Json)], type_name: &str) -> BTreeSet<String> {
    let own = wholes.iter().filter(|(name, _)| *name == type_name);
    own.flat_map(|(_, whole)| whole.as_object().expect("an object").keys().cloned())
        .collect()
}

fn settable<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> BTreeSet<String> {
    attributes
        .into_iter()
        .filter(|attribute| attribute.optional || attribute.required)
        .map(|attribute| attribute.name.clone())
        .collect()
}

#[tokio::test]
async fn the_configurations_with_everything_set_have_every_type_and_every_attribute() {
    let provider = Bench::new().unconfigured(&[]).await;
    let schema = &provider.schema;
    let resources: Vec<_> = TYPES.map(|name| (name, whole(name))).to_vec();
    let blocks = |schemas: &HashMap<String, Schema>| schemas.clone().into_iter();
    let actions = schema.action_schemas.clone().into_iter();
    let actions = actions.filter_map(|(name, action)| Some((name, action.schema?)));
    for (kind, schemas, wholes) in [
        (
            "resource",
            blocks(&schema.resource_schemas).collect::<Vec<_>>(),
            resources,
        ),
        (
            "data source",
            blocks(&schema.data_source_schemas).collect(),
            whole_data(),
        ),
        (
            "ephemeral",
            blocks(&schema.ephemeral_resource_schemas).collect(),
            whole_ephemerals(),
        ),
        (
            "list",
            blocks(&schema.list_resource_schemas).collect(),
            whole_lists(),
        ),
        ("action", actions.collect(), whole_actions()),
    ] {
        for (name, schema) in schemas {
            let mut attributes = settable(&schema.block.expect("a block").attributes);
            // Opens something, and has tests of its own.
            attributes.remove("run_token");
            assert_eq!(set(&wholes, &name), attributes, "{kind} {name}");
        }
    }
    let block = schema.provider.clone().and_then(|schema| schema.block);
    assert_eq!(
        set(&[("provider", whole_provider())], "provider"),
        settable(&block.expect("a block").attributes)
    );
}
