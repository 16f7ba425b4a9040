//! The provider block: checked, then taken.

use tf_provider::Diagnostics;

use super::registry::Registry;
use crate::definition::{ProviderDefinition, Session};
use crate::proto::tfplugin6 as proto;
use crate::report::Report;
use crate::stop::Stop;
use crate::table::{received, to_check};
use crate::{rules, typed};

const CONFIGURATION: &str = "provider configuration";

/// `ValidateProviderConfig`.
pub(super) async fn validate<D: ProviderDefinition>(
    definition: &D,
    registry: &Registry,
    request: proto::validate_provider_config::Request,
    diags: &mut Diagnostics,
) -> Option<proto::validate_provider_config::Response> {
    let (schema, message) = (&registry.provider, request.config.as_ref());
    let config = to_check(schema, CONFIGURATION, message, diags)?;
    let config = typed::read_to_check(&config, diags)?;
    definition.validate_config(diags, config).await;
    Some(Default::default())
}

/// `ConfigureProvider`.
pub(super) async fn configure<D: ProviderDefinition>(
    definition: &D,
    registry: &Registry,
    stop: Stop,
    request: proto::configure_provider::Request,
    diags: &mut Diagnostics,
) -> Option<proto::configure_provider::Response> {
    let (schema, message) = (&registry.provider, request.config.as_ref());
    let mut config = received(schema, CONFIGURATION, message, diags)?;
    rules::check_schema(&schema.block, &mut config, diags);
    if diags.has_errors() {
        return None;
    }
    let config = typed::read(&config, diags)?;
    let session = Session {
        terraform_version: request.terraform_version,
        stop,
    };
    tracing::info!(terraform = session.terraform_version, "configure");
    definition.configure(diags, session, config).await;
    Some(Default::default())
}
