//! Identities of resources: their schemas, and stored ones brought to the schema of today.

use tf_provider::Diagnostics;

use super::registry::Registry;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::Report;
use crate::resource::ErasedResource;
use crate::resource_identity::IdentitySchema;
use crate::table::{Entry, no_such};

/// `GetResourceIdentitySchemas`.
pub(super) fn schemas(registry: &Registry) -> proto::get_resource_identity_schemas::Response {
    let identities = registry.types.resources.iter().filter_map(|(name, entry)| {
        let schema = entry.code.identity_schema()?;
        Some((name.to_owned(), schema.to_proto()))
    });
    proto::get_resource_identity_schemas::Response {
        identity_schemas: identities.collect(),
        ..Default::default()
    }
}

/// The identity of the object whose state is `state`, where it has one and that is known.
pub(super) fn of(
    entry: &Entry<dyn ErasedResource>,
    state: &Raw,
) -> Option<proto::ResourceIdentityData> {
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
    diags: &mut Diagnostics,
) -> Option<proto::upgrade_resource_identity::Response> {
    let mut resources = registry.types.resources.iter();
    let entry = resources.find(|(name, _)| *name == request.type_name);
    let Some(schema) = entry.and_then(|(_, entry)| entry.code.identity_schema()) else {
        let noun = "resource type with an identity";
        no_such("Resource Identity", noun, &request.type_name, diags);
        return None;
    };
    let identity = request.raw_identity.as_ref();
    Some(proto::upgrade_resource_identity::Response {
        upgraded_identity: Some(stored(schema, request.version, identity, diags)?),
        ..Default::default()
    })
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
