//! Ephemeral resources: opened, renewed, closed.

use chrono::{DateTime, Utc};
use tf_provider::Diagnostics;

use super::registry::Registry;
use crate::proto::tfplugin6 as proto;
use crate::report::Report;
use crate::table::explain_nothing;
use crate::{open, raw};

/// `OpenEphemeralResource`.
pub(super) async fn open(
    registry: &Registry,
    request: proto::open_ephemeral_resource::Request,
    diags: &mut Diagnostics,
) -> Option<proto::open_ephemeral_resource::Response> {
    let types = &registry.types;
    let entry = types.ephemeral_resources.get(&request.type_name, diags)?;
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

/// `RenewEphemeralResource`. A renewal that failed gives the private data back.
pub(super) async fn renew(
    registry: &Registry,
    request: proto::renew_ephemeral_resource::Request,
    diags: &mut Diagnostics,
) -> proto::renew_ephemeral_resource::Response {
    let private = request.private.as_deref().unwrap_or_default();
    let types = &registry.types;
    let renewed = match types.ephemeral_resources.get(&request.type_name, diags) {
        Some(entry) => entry.code.renew(diags, private).await,
        None => None,
    };
    if renewed.is_none() {
        explain_nothing("the renewal", diags);
    }
    let (private, renew_at) = match renewed {
        Some(renewed) => (Some(renewed.private), renewed.renew_at.map(timestamp)),
        None => (request.private, None),
    };
    proto::renew_ephemeral_resource::Response {
        private,
        renew_at,
        ..Default::default()
    }
}

/// `CloseEphemeralResource`.
pub(super) async fn close(
    registry: &Registry,
    request: proto::close_ephemeral_resource::Request,
    diags: &mut Diagnostics,
) -> Option<proto::close_ephemeral_resource::Response> {
    let types = &registry.types;
    let entry = types.ephemeral_resources.get(&request.type_name, diags)?;
    let private = request.private.as_deref().unwrap_or_default();
    entry.code.close(diags, private).await?;
    Some(Default::default())
}

fn timestamp(at: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.timestamp(),
        // A leap second counts beyond a thousand million nanoseconds here, and may not on the wire.
        nanos: i32::try_from(at.timestamp_subsec_nanos().min(999_999_999)).unwrap_or_default(),
    }
}
