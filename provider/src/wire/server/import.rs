//! Taking an existing object into the state, by its id.

use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::{Registry, explain_nothing};
use crate::wire::proto::tfplugin6 as proto;
use crate::wire::report::{Report, to_proto};

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
    if request.id.is_empty() {
        diags.fail(
            "Import Needs an Id",
            "This provider imports by id only. Write `id = \"…\"` in the import block, or give the id on the command \
             line; the resource's documentation shows its form.",
        );
        return None;
    }
    let (state, private) = entry.code.import(diags, request.id.clone()).await?;
    Some(proto::import_resource_state::ImportedResource {
        type_name: request.type_name.clone(),
        state: Some(entry.send(state, diags)?),
        private,
        identity: None,
    })
}

/// `MoveResourceState`: nothing of another type can become one of ours.
pub(super) fn move_state(
    request: &proto::move_resource_state::Request,
) -> proto::move_resource_state::Response {
    let mut diags = Diagnostics::default();
    diags.fail(
        "Move Not Supported",
        format!(
            "A `{}` cannot become a `{}`: this provider does not move states between types. Remove the `moved` block; \
             to take over an existing object, use an `import` block.",
            request.source_type_name, request.target_type_name
        ),
    );
    Carrier::carrying(diags)
}
