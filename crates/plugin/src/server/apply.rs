//! Applying a planned change, and what is stored when it does not go well.
//!
//! A destroy succeeded if and only if it answered and raised no error; otherwise the prior state is kept. An update
//! that answers nothing keeps the prior state. A create that answers something is stored even beside errors (Terraform
//! then marks it tainted), so that what exists is never forgotten.

use tf_provider::{AttributePath, Diagnostics};

use super::change::{self, Change};
use super::identity;
use super::registry::{Entry, Registry, explain_nothing};
use crate::managed::{Managed, Stored};
use crate::open;
use crate::panic::caught;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::{Report, to_proto};

/// `ApplyResourceChange`.
pub(super) async fn apply(
    registry: &Registry,
    request: proto::apply_resource_change::Request,
) -> proto::apply_resource_change::Response {
    let mut diags = Diagnostics::default();
    let applied = applied(registry, &request, &mut diags).await;
    let (new_state, private, identity) = match applied {
        Some(stored) => stored,
        None => {
            explain_nothing("the change", &mut diags);
            (kept(request.prior_state), request.planned_private, None)
        }
    };
    proto::apply_resource_change::Response {
        new_state: Some(new_state),
        private,
        diagnostics: to_proto(diags),
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
    let entry = registry.resource(&request.type_name, diags)?;
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
    let work = change_it(entry, change, &request.planned_private, meta, diags);
    let (state, private) = match caught(work).await {
        Ok(answer) => answer?,
        Err(panicked) => {
            panicked.report("ApplyResourceChange", diags);
            return None;
        }
    };
    let state = if diags.has_errors() {
        // Terraform stores only known values, and after an error nobody will fill these in.
        raw::without_unknowns(state)
    } else {
        state
    };
    let identity = identity::of(entry, &state);
    Some((entry.send(state, diags)?, private, identity))
}

/// Where a part of the change that nobody would fill in is not known. A plan waits for it; here it would be guessed.
fn open_places(entry: &Entry<dyn Managed>, change: &Change) -> Vec<AttributePath> {
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

async fn change_it(
    entry: &Entry<dyn Managed>,
    change: Change,
    private: &[u8],
    meta: Raw,
    diags: &mut Diagnostics,
) -> Option<Stored> {
    let code = &entry.code;
    match change {
        Change::Create { next, config } => code.create(diags, next, config, private, meta).await,
        Change::Update {
            prior,
            next,
            config,
        } => code.update(diags, prior, next, config, private, meta).await,
        Change::Destroy { prior } => {
            code.destroy(diags, prior, private, meta).await?;
            (!diags.has_errors()).then(|| (Raw::Nil, Vec::new()))
        }
    }
}
