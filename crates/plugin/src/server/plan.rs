//! Planning a change of a resource.

use tf_provider::{AttributePath, Diagnostics};

use super::change::{self, Change};
use super::identity;
use super::registry::{Registry, explain_nothing};
use crate::managed::Stored;
use crate::proto::tfplugin6 as proto;
use crate::raw::Raw;
use crate::report::{path_to_proto, to_proto};

/// `PlanResourceChange`.
pub(super) async fn plan(
    registry: &Registry,
    request: proto::plan_resource_change::Request,
) -> proto::plan_resource_change::Response {
    let mut diags = Diagnostics::default();
    let planned = planned(registry, &request, &mut diags).await;
    let planned = planned.unwrap_or_else(|| {
        explain_nothing("the plan", &mut diags);
        Planned::default()
    });
    proto::plan_resource_change::Response {
        planned_state: planned.state,
        planned_private: planned.private,
        requires_replace: planned.replace.into_iter().map(path_to_proto).collect(),
        diagnostics: to_proto(diags),
        // One that is not known yet is left out; that of an object that exists stays.
        planned_identity: planned.identity.or(request.prior_identity),
        ..Default::default()
    }
}

#[derive(Default)]
struct Planned {
    state: Option<proto::DynamicValue>,
    private: Vec<u8>,
    replace: Vec<AttributePath>,
    identity: Option<proto::ResourceIdentityData>,
}

async fn planned(
    registry: &Registry,
    request: &proto::plan_resource_change::Request,
    diags: &mut Diagnostics,
) -> Option<Planned> {
    let entry = registry.resource(&request.type_name, diags)?;
    let values = [
        request.prior_state.as_ref(),
        request.proposed_new_state.as_ref(),
        request.config.as_ref(),
        request.provider_meta.as_ref(),
    ];
    let (change, meta) = change::of(registry, entry, values, diags)?;
    let private = request.prior_private.as_slice();
    let ((state, private), replace): (Stored, _) = match change {
        Change::Create { next, config } => {
            let planned = entry.code.plan_create(diags, next, config, meta).await?;
            (planned, Vec::new())
        }
        Change::Update {
            prior,
            next,
            config,
        } => {
            let code = &entry.code;
            code.plan_update(diags, prior, next, config, private, meta)
                .await?
        }
        Change::Destroy { prior } => {
            let private = entry.code.plan_destroy(diags, prior, private, meta).await?;
            ((Raw::Nil, private), Vec::new())
        }
    };
    Some(Planned {
        identity: identity::of(entry, &state),
        state: Some(entry.send(state, diags)?),
        private,
        replace,
    })
}
