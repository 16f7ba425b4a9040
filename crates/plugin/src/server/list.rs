//! Lists, streamed: one event an object. A list that fails is one event with the reasons; what a warning is
//! about is an event of its own, at the end.

use rmpv::Value;
use tf_provider::Diagnostics;
use tokio_stream::Iter;
use tonic::Status;

use super::registry::Registry;
use crate::list_resource::{Listed, Wanted};
use crate::open;
use crate::panic::caught;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::{Report, to_proto};
use crate::table::explain_nothing;

/// The events of a list.
pub(super) type Listing = Iter<std::vec::IntoIter<Result<proto::list_resource::Event, Status>>>;

/// `ListResource`: every event, in order.
pub(super) async fn list(registry: &Registry, request: proto::list_resource::Request) -> Listing {
    let mut diags = Diagnostics::default();
    let listed = match caught(listed(registry, &request, &mut diags)).await {
        Ok(listed) => listed,
        Err(panicked) => {
            panicked.report("ListResource", &mut diags);
            None
        }
    };
    if listed.is_none() {
        explain_nothing("the list", &mut diags);
    }
    let mut events = listed.unwrap_or_default();
    if diags.has_errors() {
        // Half a list would pass for a whole one.
        events.clear();
    }
    if !diags.errors.is_empty() || !diags.warnings.is_empty() {
        events.push(proto::list_resource::Event {
            diagnostic: to_proto(diags),
            ..Default::default()
        });
    }
    let events: Vec<_> = events.into_iter().map(Ok).collect();
    tokio_stream::iter(events)
}

async fn listed(
    registry: &Registry,
    request: &proto::list_resource::Request,
    diags: &mut Diagnostics,
) -> Option<Vec<proto::list_resource::Event>> {
    let entry = registry
        .types
        .list_resources
        .get(&request.type_name, diags)?;
    let filters = filters(request.config.clone());
    let config = entry.receive("configuration", Some(&filters), diags)?;
    for place in open::unknown_places(&config) {
        diags.refuse(
            place,
            "Unknown Value in a List",
            "The provider was asked for a list by a filter that is not known yet. Filter by what is known, or apply \
             first what the filter follows from.",
        );
    }
    if diags.has_errors() {
        return None;
    }
    let wanted = Wanted {
        // A client that names no limit wants all.
        limit: usize::try_from(request.limit)
            .ok()
            .filter(|limit| *limit != 0)
            .unwrap_or(usize::MAX),
        states: request.include_resource_object,
    };
    let found = entry.code.list(diags, config, wanted).await?;
    let mut events = Vec::with_capacity(found.len());
    for object in found {
        events.push(event(registry, &request.type_name, object, diags)?);
    }
    Some(events)
}

fn event(
    registry: &Registry,
    type_name: &str,
    object: Listed<Raw>,
    diags: &mut Diagnostics,
) -> Option<proto::list_resource::Event> {
    let resource = registry.types.resources.get(type_name, diags)?;
    let schema = resource.code.identity_schema()?;
    let resource_object = match object.state {
        Some(state) => Some(resource.send(state, diags)?),
        None => None,
    };
    Some(proto::list_resource::Event {
        identity: Some(schema.send(&object.identity)?),
        display_name: object.display_name,
        resource_object,
        diagnostic: Vec::new(),
    })
}

/// The filters as they were sent; no `config` block at all is one without filters.
pub(super) fn filters(message: Option<proto::DynamicValue>) -> proto::DynamicValue {
    match raw::decode(message.as_ref()) {
        Ok(Value::Nil) => raw::encode(Value::Map(Vec::new())),
        Ok(_) | Err(_) => message.unwrap_or_default(),
    }
}
