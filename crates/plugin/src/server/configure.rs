//! The provider block: checked, then taken.

use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::{Registry, received, to_check};
use crate::definition::{ProviderDefinition, Session};
use crate::proto::tfplugin6 as proto;
use crate::report::Report;
use crate::stop::Stop;
use crate::{rules, typed};

const CONFIGURATION: &str = "provider configuration";

/// `ValidateProviderConfig`.
pub(super) async fn validate<D: ProviderDefinition>(
    definition: &D,
    registry: &Registry,
    request: proto::validate_provider_config::Request,
) -> proto::validate_provider_config::Response {
    let mut diags = Diagnostics::default();
    let (schema, message) = (&registry.provider, request.config.as_ref());
    if let Some(config) = to_check(schema, CONFIGURATION, message, &mut diags)
        && let Some(config) = typed::read_to_check(&config, &mut diags)
    {
        definition.validate_config(&mut diags, config).await;
    }
    Carrier::carrying(diags)
}

/// `ConfigureProvider`.
pub(super) async fn configure<D: ProviderDefinition>(
    definition: &D,
    registry: &Registry,
    stop: Stop,
    request: proto::configure_provider::Request,
) -> proto::configure_provider::Response {
    let mut diags = Diagnostics::default();
    if let Some(config) = config::<D>(registry, request.config.as_ref(), &mut diags) {
        let session = Session {
            terraform_version: request.terraform_version,
            stop,
        };
        tracing::info!(terraform = session.terraform_version, "configure");
        definition.configure(&mut diags, session, config).await;
    }
    Carrier::carrying(diags)
}

fn config<D: ProviderDefinition>(
    registry: &Registry,
    message: Option<&proto::DynamicValue>,
    diags: &mut Diagnostics,
) -> Option<D::Config> {
    let mut config = received(&registry.provider, CONFIGURATION, message, diags)?;
    rules::check_schema(&registry.provider.block, &mut config, diags);
    if diags.has_errors() {
        return None;
    }
    typed::read(&config, diags)
}
