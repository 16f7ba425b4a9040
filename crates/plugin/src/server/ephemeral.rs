//! Ephemeral resources: checked, opened, renewed, closed.

use chrono::{DateTime, Utc};
use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::{Registry, explain_nothing};
use crate::proto::tfplugin6 as proto;
use crate::report::{Report, to_proto};
use crate::{open, raw};

/// `ValidateEphemeralResourceConfig`.
pub(super) async fn validate(
    registry: &Registry,
    request: proto::validate_ephemeral_resource_config::Request,
) -> proto::validate_ephemeral_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(entry) = registry.ephemeral(&request.type_name, &mut diags)
        && let Some(config) = entry.to_check(request.config.as_ref(), &mut diags)
        && entry.code.validate(&mut diags, config).await.is_none()
    {
        explain_nothing("the validation", &mut diags);
    }
    Carrier::carrying(diags)
}

/// `OpenEphemeralResource`.
pub(super) async fn open(
    registry: &Registry,
    request: proto::open_ephemeral_resource::Request,
) -> proto::open_ephemeral_resource::Response {
    let mut diags = Diagnostics::default();
    let mut response = opened(registry, &request, &mut diags)
        .await
        .unwrap_or_else(|| {
            explain_nothing("the opening", &mut diags);
            proto::open_ephemeral_resource::Response::default()
        });
    response.diagnostics = to_proto(diags);
    response
}

async fn opened(
    registry: &Registry,
    request: &proto::open_ephemeral_resource::Request,
    diags: &mut Diagnostics,
) -> Option<proto::open_ephemeral_resource::Response> {
    let entry = registry.ephemeral(&request.type_name, diags)?;
    let config = entry.receive("configuration", request.config.as_ref(), diags)?;
    for place in open::unknown_places(&config) {
        diags.refuse(
            place,
            "Unknown Value on Opening",
            "The provider was asked to open an ephemeral resource whose configuration is not known yet. This is a bug \
             in Terraform or in the program that drives the provider.",
        );
    }
    if diags.has_errors() {
        return None;
    }
    let opened = entry.code.open(diags, config).await?;
    if raw::has_unknowns(&opened.result) {
        diags.fail(
            "Provider Produced an Unsendable Value",
            "This is a bug in the provider; please report it. What was opened is not known in full.",
        );
        return None;
    }
    Some(proto::open_ephemeral_resource::Response {
        result: Some(entry.send(opened.result, diags)?),
        private: Some(opened.private),
        renew_at: opened.renew_at.map(timestamp),
        ..Default::default()
    })
}

/// `RenewEphemeralResource`.
pub(super) async fn renew(
    registry: &Registry,
    request: proto::renew_ephemeral_resource::Request,
) -> proto::renew_ephemeral_resource::Response {
    let mut diags = Diagnostics::default();
    let private = request.private.as_deref().unwrap_or_default();
    let renewed = match registry.ephemeral(&request.type_name, &mut diags) {
        Some(entry) => entry.code.renew(&mut diags, private).await,
        None => None,
    };
    if renewed.is_none() {
        explain_nothing("the renewal", &mut diags);
    }
    let (private, renew_at) = match renewed {
        Some(renewed) => (Some(renewed.private), renewed.renew_at.map(timestamp)),
        None => (request.private, None),
    };
    proto::renew_ephemeral_resource::Response {
        diagnostics: to_proto(diags),
        private,
        renew_at,
    }
}

/// `CloseEphemeralResource`.
pub(super) async fn close(
    registry: &Registry,
    request: proto::close_ephemeral_resource::Request,
) -> proto::close_ephemeral_resource::Response {
    let mut diags = Diagnostics::default();
    if let Some(entry) = registry.ephemeral(&request.type_name, &mut diags) {
        let private = request.private.as_deref().unwrap_or_default();
        if entry.code.close(&mut diags, private).await.is_none() {
            explain_nothing("the closing", &mut diags);
        }
    }
    Carrier::carrying(diags)
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        // A leap second counts beyond a thousand million nanoseconds here, and may not on the wire.
        nanos: i32::try_from(at.timestamp_subsec_nanos().min(999_999_999)).unwrap_or_default(),
    }
}
