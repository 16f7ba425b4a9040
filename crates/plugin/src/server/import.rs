//! Taking an existing object into the state, by its id or its identity.

use tf_provider::Diagnostics;

use super::registry::Registry;
use super::resource_identity;
use crate::proto::tfplugin6 as proto;
use crate::raw;
use crate::report::Report;
use crate::resource::ErasedResource;
use crate::table::Entry;

/// `ImportResourceState`.
pub(super) async fn import(
    registry: &Registry,
    request: proto::import_resource_state::Request,
    diags: &mut Diagnostics,
) -> Option<proto::import_resource_state::Response> {
    let entry = registry.types.resources.get(&request.type_name, diags)?;
    let id = id(entry, &request, diags)?;
    let (state, private) = entry.code.import(diags, id).await?;
    let imported = proto::import_resource_state::ImportedResource {
        type_name: request.type_name,
        identity: resource_identity::of(entry, &state),
        state: Some(entry.send(state, diags)?),
        private,
    };
    Some(proto::import_resource_state::Response {
        imported_resources: vec![imported],
        ..Default::default()
    })
}

/// The id to import: as it was given, or as the identity says.
fn id(
    entry: &Entry<dyn ErasedResource>,
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
