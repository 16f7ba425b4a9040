//! Planning a change of a resource.

use tf_provider::Diagnostics;

use super::change;
use super::registry::Registry;
use super::resource_identity;
use crate::proto::tfplugin6 as proto;
use crate::report::path_to_proto;

/// `PlanResourceChange`.
pub(super) async fn plan(
    registry: &Registry,
    request: proto::plan_resource_change::Request,
    diags: &mut Diagnostics,
) -> Option<proto::plan_resource_change::Response> {
    let entry = registry.types.resources.get(&request.type_name, diags)?;
    let values = [
        request.prior_state.as_ref(),
        request.proposed_new_state.as_ref(),
        request.config.as_ref(),
        request.provider_meta.as_ref(),
    ];
    let (change, meta) = change::of(registry, entry, values, diags)?;
    let private = request.prior_private.as_slice();
    let ((state, private), replace) = entry.code.plan(diags, change, private, meta).await?;
    let identity = resource_identity::of(entry, &state);
    Some(proto::plan_resource_change::Response {
        planned_state: Some(entry.send(state, diags)?),
        planned_private: private,
        requires_replace: replace.into_iter().map(path_to_proto).collect(),
        // One that is not known yet is left out; that of an object that exists stays.
        planned_identity: identity.or(request.prior_identity),
        ..Default::default()
    })
}
