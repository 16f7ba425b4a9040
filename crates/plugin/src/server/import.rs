//! Taking an existing object into the state, by its id or its identity.

use tf_provider::Diagnostics;

use super::identity;
use super::registry::{Entry, Registry, explain_nothing};
use crate::managed::Managed;
use crate::proto::tfplugin6 as proto;
use crate::raw;
use crate::report::{Report, to_proto};

/// `ImportResourceState`.
pub(super) async fn import(
    registry: &Registry,
    request: proto::import_resource_state::Request,
) -> proto::import_resource_state::Response {
    let mut diags = Diagnostics::default();
    let imported = imported(registry, &request, &mut diags).await;
    if imported.is_none() {
        explain_nothing("the import", &mut diags);
    }
    proto::import_resource_state::Response {
        imported_resources: imported.into_iter().collect(),
        diagnostics: to_proto(diags),
        deferred: None,
    }
}

async fn imported(
    registry: &Registry,
    request: &proto::import_resource_state::Request,
    diags: &mut Diagnostics,
) -> Option<proto::import_resource_state::ImportedResource> {
    let entry = registry.resource(&request.type_name, diags)?;
    let id = id(entry, request, diags)?;
    let (state, private) = entry.code.import(diags, id).await?;
    Some(proto::import_resource_state::ImportedResource {
        type_name: request.type_name.clone(),
        identity: identity::of(entry, &state),
        state: Some(entry.send(state, diags)?),
        private,
    })
}

/// The id to import: as it was given, or as the identity says.
fn id(
    entry: &Entry<dyn Managed>,
    request: &proto::import_resource_state::Request,
    diags: &mut Diagnostics,
) -> Option<String> {
    if !request.id.is_empty() {
        return Some(request.id.clone());
    }
    let data = request
        .identity
        .as_ref()
        .and_then(|identity| identity.identity_data.as_ref());
    let (Some(schema), Some(data)) = (entry.code.identity_schema(), data) else {
        diags.fail(
            "Import Needs an Id",
            "Write `id = \"…\"` in the import block, or give the id on the command line; the resource's documentation \
             shows its form.",
        );
        return None;
    };
    let identity = match raw::decode(Some(data)) {
        Ok(value) => schema.receive(&value, diags)?,
        Err(error) => {
            diags.fail(
                "Unreadable Value",
                format!("The identity that was sent to the provider cannot be read: {error}."),
            );
            return None;
        }
    };
    entry.code.import_id(&identity)
}
