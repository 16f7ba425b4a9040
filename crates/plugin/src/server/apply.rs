//! Applying a planned change, and what is stored when it does not go well.
//!
//! A destroy succeeded if and only if it answered and raised no error; otherwise the prior state is kept. An update
//! that answers nothing keeps the prior state. A create that answers something is stored even beside errors (Terraform
//! then marks it tainted), so that what exists is never forgotten.

use tf_provider::{AttributePath, Diagnostics};

use super::change;
use super::registry::Registry;
use super::resource_identity;
use crate::open;
use crate::panic::caught;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::Report;
use crate::resource::{Change, ErasedResource};
use crate::table::{Entry, explain_nothing};

/// `ApplyResourceChange`.
pub(super) async fn apply(
    registry: &Registry,
    request: proto::apply_resource_change::Request,
    diags: &mut Diagnostics,
) -> proto::apply_resource_change::Response {
    let applied = applied(registry, &request, diags).await;
    let (new_state, private, identity) = applied.unwrap_or_else(|| {
        explain_nothing("the change", diags);
        (kept(request.prior_state), request.planned_private, None)
    });
    proto::apply_resource_change::Response {
        new_state: Some(new_state),
        private,
        new_identity: identity.or(request.planned_identity),
        ..Default::default()
    }
}

/// The prior state as it came; for a create that is null.
fn kept(prior: Option<proto::DynamicValue>) -> proto::DynamicValue {
    prior.unwrap_or_else(|| raw::encode(Raw::Nil))
}

type Applied = (
    proto::DynamicValue,
    Vec<u8>,
    Option<proto::ResourceIdentityData>,
);

/// What to store, or `None` to keep what there was.
async fn applied(
    registry: &Registry,
    request: &proto::apply_resource_change::Request,
    diags: &mut Diagnostics,
) -> Option<Applied> {
    let entry = registry.types.resources.get(&request.type_name, diags)?;
    let values = [
        request.prior_state.as_ref(),
        request.planned_state.as_ref(),
        request.config.as_ref(),
        request.provider_meta.as_ref(),
    ];
    let (change, meta) = change::of(registry, entry, values, diags)?;
    let open = open_places(entry, &change);
    for place in &open {
        diags.refuse(
            place.clone(),
            "Unknown Value on Applying",
            "The provider was asked to apply a change whose configuration is not known yet, and wrote nothing. This is a \
             bug in Terraform or in the program that drives the provider.",
        );
    }
    if !open.is_empty() {
        return None;
    }
    let is_destroy = matches!(change, Change::Destroy { .. });
    let private = &request.planned_private;
    let (state, private) = match caught(entry.code.apply(diags, change, private, meta)).await {
        Ok(answer) => answer?,
        Err(panicked) => {
            panicked.report("ApplyResourceChange", diags);
            return None;
        }
    };
    if is_destroy && diags.has_errors() {
        return None;
    }
    let state = if diags.has_errors() {
        // Terraform stores only known values, and after an error no later step fills these in.
        raw::without_unknowns(state)
    } else {
        state
    };
    let identity = resource_identity::of(entry, &state);
    Some((entry.send(state, diags)?, private, identity))
}

/// Where a part of the change that no later step fills in is not known. A plan waits for it; here it would be guessed.
fn open_places(entry: &Entry<dyn ErasedResource>, change: &Change) -> Vec<AttributePath> {
    match change {
        Change::Create { next, config } | Change::Update { next, config, .. } => {
            let mut places = open::unknown_places(config);
            let planned = open::open_places(&entry.schema.block, next);
            // What is open in both is said once.
            let others: Vec<_> = planned
                .into_iter()
                .filter(|place| !places.contains(place))
                .collect();
            places.extend(others);
            places
        }
        Change::Destroy { .. } => Vec::new(),
    }
}
