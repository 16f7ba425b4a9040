//! The configuration that would give a state: what an import writes for its user. Only what a person would write: what
//! the provider decides and what follows from its defaults stays out.

use rmpv::Value;
use std::collections::HashMap;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeConstraint, AttributeType};

use super::registry::Registry;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};

/// `GenerateResourceConfig`.
pub(super) fn generate(
    registry: &Registry,
    request: &proto::generate_resource_config::Request,
    diags: &mut Diagnostics,
) -> Option<proto::generate_resource_config::Response> {
    let entry = registry.types.resources.get(&request.type_name, diags)?;
    let state = entry.receive("state", request.state.as_ref(), diags)?;
    let config = written_by_people(&entry.schema.block.attributes, state);
    let config = entry.code.without_defaults(diags, config)?;
    Some(proto::generate_resource_config::Response {
        config: Some(entry.send(config, diags)?),
        ..Default::default()
    })
}

/// The object without what only the provider sets.
fn written_by_people(attributes: &HashMap<String, Attribute>, value: Raw) -> Raw {
    if raw::is_unknown(&value) {
        return Value::Nil;
    }
    let Value::Map(entries) = value else {
        return value;
    };
    let entries = entries.into_iter().map(|(key, item)| {
        let attribute = key.as_str().and_then(|name| attributes.get(name));
        let item = match attribute {
            Some(attribute) if attribute.constraint == AttributeConstraint::Computed => Value::Nil,
            Some(attribute) => inside(&attribute.attr_type, item),
            None => item,
        };
        (key, item)
    });
    Value::Map(entries.collect())
}

fn inside(kind: &AttributeType, value: Raw) -> Raw {
    match (kind, value) {
        (AttributeType::AttributeSingle(members), value) => written_by_people(members, value),
        (
            AttributeType::AttributeList(members) | AttributeType::AttributeSet(members),
            Value::Array(items),
        ) => {
            let items = items.into_iter();
            Value::Array(items.map(|item| written_by_people(members, item)).collect())
        }
        (AttributeType::AttributeMap(members), Value::Map(entries)) => {
            let entries = entries.into_iter();
            Value::Map(
                entries
                    .map(|(key, item)| (key, written_by_people(members, item)))
                    .collect(),
            )
        }
        (_, value) => value,
    }
}
