//! The configuration that would give a state: what an import writes for its user. Only what a person would write: what
//! the provider decides and what follows from its defaults stays out.

use rmpv::Value;
use std::collections::HashMap;
use tf_provider::Diagnostics;
use tf_provider::schema::{Attribute, AttributeConstraint};

use super::registry::Registry;
use crate::nesting;
use crate::place::Place;
use crate::proto::tfplugin6 as proto;
use crate::raw::Raw;

/// `GenerateResourceConfig`.
pub(super) fn generate(
    registry: &Registry,
    request: &proto::generate_resource_config::Request,
    diags: &mut Diagnostics,
) -> Option<proto::generate_resource_config::Response> {
    let entry = registry.types.resources.get(&request.type_name, diags)?;
    let mut config = entry.receive("state", request.state.as_ref(), diags)?;
    leave_what_people_write(&entry.schema.block.attributes, &mut config);
    let config = entry.code.without_defaults(diags, config)?;
    Some(proto::generate_resource_config::Response {
        config: Some(entry.send(config, diags)?),
        ..Default::default()
    })
}

/// Takes out of an object what only the provider sets.
fn leave_what_people_write(attributes: &HashMap<String, Attribute>, value: &mut Raw) {
    let entries = match value {
        Value::Map(entries) => entries,
        Value::Ext(..) => {
            *value = Value::Nil;
            return;
        }
        _ => return,
    };
    for (key, item) in entries {
        let Some(attribute) = key.as_str().and_then(|name| attributes.get(name)) else {
            continue;
        };
        if attribute.constraint == AttributeConstraint::Computed {
            *item = Value::Nil;
        } else if let Some((nesting, members)) = nesting::of_type(&attribute.attr_type) {
            nesting.each(item, &Place::default(), |object, _| {
                leave_what_people_write(members, object);
            });
        }
    }
}
