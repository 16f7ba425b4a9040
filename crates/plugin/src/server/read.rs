//! Refreshing a resource, reading a data source.
//!
//! A resource is reported gone if and only if its `read` answered `None` and raised no error. Everything else, a panic
//! and a state that cannot be decoded included, keeps what Terraform had.

use tf_provider::Diagnostics;

use super::registry::Registry;
use super::resource_identity;
use crate::open;
use crate::panic::caught;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::Report;

/// `ReadResource`.
pub(super) async fn resource(
    registry: &Registry,
    request: proto::read_resource::Request,
    diags: &mut Diagnostics,
) -> proto::read_resource::Response {
    let refreshed = refresh(registry, &request, diags).await;
    let (new_state, private, identity) = match refreshed {
        Refreshed::Found(state, private, identity) => (Some(state), private, identity),
        Refreshed::Gone => (Some(raw::encode(Raw::Nil)), Vec::new(), None),
        Refreshed::Unreadable => (request.current_state, request.private, None),
    };
    proto::read_resource::Response {
        new_state,
        private,
        new_identity: identity.or(request.current_identity),
        ..Default::default()
    }
}

enum Refreshed {
    Found(
        proto::DynamicValue,
        Vec<u8>,
        Option<proto::ResourceIdentityData>,
    ),
    Gone,
    Unreadable,
}

async fn refresh(
    registry: &Registry,
    request: &proto::read_resource::Request,
    diags: &mut Diagnostics,
) -> Refreshed {
    let Some(entry) = registry.types.resources.get(&request.type_name, diags) else {
        return Refreshed::Unreadable;
    };
    let state = entry.receive("state", request.current_state.as_ref(), diags);
    let meta = registry.meta(request.provider_meta.as_ref(), diags);
    let (Some(state), Some(meta)) = (state, meta) else {
        return Refreshed::Unreadable;
    };
    if state.is_nil() {
        return Refreshed::Gone;
    }
    let read = entry.code.read(diags, state, &request.private, meta);
    match caught(read).await {
        Ok(Some((state, private))) => {
            let identity = resource_identity::of(entry, &state);
            match entry.send(state, diags) {
                Some(state) => Refreshed::Found(state, private, identity),
                None => Refreshed::Unreadable,
            }
        }
        Ok(None) if diags.has_errors() => Refreshed::Unreadable,
        Ok(None) => Refreshed::Gone,
        Err(panicked) => {
            panicked.report("ReadResource", diags);
            Refreshed::Unreadable
        }
    }
}

/// `ReadDataSource`.
pub(super) async fn data_source(
    registry: &Registry,
    request: proto::read_data_source::Request,
    diags: &mut Diagnostics,
) -> Option<proto::read_data_source::Response> {
    let entry = registry.types.data_sources.get(&request.type_name, diags)?;
    let config = entry.receive("configuration", request.config.as_ref(), diags)?;
    let meta = registry.meta(request.provider_meta.as_ref(), diags)?;
    for place in open::unknown_places(&config) {
        diags.refuse(
            place,
            "Unknown Value on Reading",
            "The provider was asked to read a data source whose configuration is not known yet. This is a bug in \
             Terraform or in the program that drives the provider.",
        );
    }
    if diags.has_errors() {
        return None;
    }
    let state = entry.code.read(diags, config, meta).await?;
    Some(proto::read_data_source::Response {
        state: Some(entry.send(state, diags)?),
        ..Default::default()
    })
}
