//! Identities of resources: their schemas, and stored ones brought to the schema of today.

use tf_provider::Diagnostics;

use super::registry::{Entry, Registry, explain_nothing, no_such};
use crate::identity::IdentitySchema;
use crate::managed::Managed;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::{Report, to_proto};

/// `GetResourceIdentitySchemas`.
pub(super) fn schemas(registry: &Registry) -> proto::get_resource_identity_schemas::Response {
    let identities = registry.resources.iter().filter_map(|(name, entry)| {
        let schema = entry.code.identity_schema()?;
        Some(((*name).to_owned(), schema.to_proto()))
    });
    proto::get_resource_identity_schemas::Response {
        identity_schemas: identities.collect(),
        diagnostics: Vec::new(),
    }
}

/// The identity of the object whose state is `state`, where it has one and that is known.
pub(super) fn of(entry: &Entry<dyn Managed>, state: &Raw) -> Option<proto::ResourceIdentityData> {
    if state.is_nil() {
        return None;
    }
    let schema = entry.code.identity_schema()?;
    schema.send(&schema.of_state(state)?)
}

/// `UpgradeResourceIdentity`.
pub(super) fn upgrade(
    registry: &Registry,
    request: &proto::upgrade_resource_identity::Request,
) -> proto::upgrade_resource_identity::Response {
    let mut diags = Diagnostics::default();
    let upgraded = upgraded(registry, request, &mut diags);
    if upgraded.is_none() {
        explain_nothing("the upgrade of the identity", &mut diags);
    }
    proto::upgrade_resource_identity::Response {
        upgraded_identity: upgraded,
        diagnostics: to_proto(diags),
    }
}

fn upgraded(
    registry: &Registry,
    request: &proto::upgrade_resource_identity::Request,
    diags: &mut Diagnostics,
) -> Option<proto::ResourceIdentityData> {
    let entry = registry.resources.get(request.type_name.as_str());
    let Some(schema) = entry.and_then(|entry| entry.code.identity_schema()) else {
        let noun = "resource type with an identity";
        no_such("Resource Identity", noun, &request.type_name, diags);
        return None;
    };
    stored(
        schema,
        request.version,
        request.raw_identity.as_ref(),
        diags,
    )
}

/// A stored identity in the schema of today. There was never another schema, so another version is a newer one.
pub(super) fn stored(
    schema: IdentitySchema,
    version: i64,
    stored: Option<&proto::RawState>,
    diags: &mut Diagnostics,
) -> Option<proto::ResourceIdentityData> {
    if version != schema.version {
        diags.fail(
            "Unsupported Identity Version",
            format!(
                "The identity was stored under version {version} of its schema, and this version of the provider knows \
                 {} only. Use a provider at least as new as the one that wrote the state.",
                schema.version
            ),
        );
        return None;
    }
    let json = stored.map(|stored| stored.json.as_slice());
    match raw::from_json(json.unwrap_or_default()) {
        Ok(value) => schema.send(&schema.receive(&value, diags)?),
        Err(error) => {
            diags.fail(
                "Unreadable Identity",
                format!("The stored identity cannot be read. Original Error: {error}"),
            );
            None
        }
    }
}
