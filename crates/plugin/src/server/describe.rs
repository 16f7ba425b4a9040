//! What there is: schemas, metadata, functions, capabilities.

use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::registry::Registry;
use crate::proto::tfplugin6 as proto;
use crate::schema;
use crate::table::Entry;

fn capabilities() -> proto::ServerCapabilities {
    proto::ServerCapabilities {
        plan_destroy: true,
        // Otherwise Terraform asks for the schema again in every instance of every provider process.
        get_provider_schema_optional: true,
        move_resource_state: true,
        generate_resource_config: true,
    }
}

/// `GetProviderSchema`.
pub(super) fn provider_schema(
    registry: &Registry,
    diags: &mut Diagnostics,
) -> proto::get_provider_schema::Response {
    let types = &registry.types;
    let meta = registry.meta.as_ref();
    diags.add_diagnostics(types.problems.clone());
    proto::get_provider_schema::Response {
        provider: Some(schema::to_proto(&registry.provider, &[])),
        provider_meta: meta.map(|meta| schema::to_proto(meta, &[])),
        resource_schemas: types.resources.map(of_type),
        data_source_schemas: types.data_sources.map(of_type),
        ephemeral_resource_schemas: types.ephemeral_resources.map(of_type),
        list_resource_schemas: types.list_resources.map(of_type),
        action_schemas: types.actions.map(|action| proto::ActionSchema {
            schema: Some(of_type(action)),
        }),
        functions: functions(registry).functions,
        server_capabilities: Some(capabilities()),
        ..Default::default()
    }
}

fn of_type<T: ?Sized>(entry: &Entry<T, Schema>) -> proto::Schema {
    schema::to_proto(&entry.schema, entry.write_only)
}

/// `GetMetadata`.
pub(super) fn metadata(
    registry: &Registry,
    diags: &mut Diagnostics,
) -> proto::get_metadata::Response {
    use proto::get_metadata::{
        ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata,
        ListResourceMetadata, ResourceMetadata,
    };
    let types = &registry.types;
    diags.add_diagnostics(types.problems.clone());
    proto::get_metadata::Response {
        server_capabilities: Some(capabilities()),
        resources: types
            .resources
            .names(|type_name| ResourceMetadata { type_name }),
        data_sources: types
            .data_sources
            .names(|type_name| DataSourceMetadata { type_name }),
        ephemeral_resources: types
            .ephemeral_resources
            .names(|type_name| EphemeralMetadata { type_name }),
        list_resources: types
            .list_resources
            .names(|type_name| ListResourceMetadata { type_name }),
        actions: types
            .actions
            .names(|type_name| ActionMetadata { type_name }),
        functions: types.functions.names(|name| FunctionMetadata { name }),
        ..Default::default()
    }
}

/// `GetFunctions`.
pub(super) fn functions(registry: &Registry) -> proto::get_functions::Response {
    let functions = &registry.types.functions;
    proto::get_functions::Response {
        functions: functions.map(|function| schema::function_to_proto(&function.schema)),
        ..Default::default()
    }
}
