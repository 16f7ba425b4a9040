//! Configurations of resources and data sources, checked before anything is planned.

use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::{Registry, explain_nothing};
use crate::proto::tfplugin6 as proto;
use crate::rules;

/// `ValidateResourceConfig`.
pub(super) async fn resource(
    registry: &Registry,
    request: proto::validate_resource_config::Request,
) -> proto::validate_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(entry) = registry.resource(&request.type_name, &mut diags)
        && let Some(mut config) = entry.to_check(request.config.as_ref(), &mut diags)
    {
        let client = request.client_capabilities;
        if !client.is_some_and(|client| client.write_only_attributes_allowed) {
            rules::check_write_only(entry.write_only, &mut config, &mut diags);
        }
        if entry.code.validate(&mut diags, config).await.is_none() {
            explain_nothing("the validation", &mut diags);
        }
    }
    Carrier::carrying(diags)
}

/// `ValidateDataResourceConfig`.
pub(super) async fn data_source(
    registry: &Registry,
    request: proto::validate_data_resource_config::Request,
) -> proto::validate_data_resource_config::Response {
    let mut diags = Diagnostics::default();
    if let Some(entry) = registry.data_source(&request.type_name, &mut diags)
        && let Some(config) = entry.to_check(request.config.as_ref(), &mut diags)
        && entry.code.validate(&mut diags, config).await.is_none()
    {
        explain_nothing("the validation", &mut diags);
    }
    Carrier::carrying(diags)
}
