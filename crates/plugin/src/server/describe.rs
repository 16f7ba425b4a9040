//! What there is: schemas, metadata, functions, capabilities.

use std::collections::HashMap;

use super::registry::Registry;
use crate::proto::tfplugin6 as proto;
use crate::report;
use crate::schema;

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
pub(super) fn provider_schema(registry: &Registry) -> proto::get_provider_schema::Response {
    let resources = registry.resources.iter().map(|(name, entry)| {
        let schema = schema::to_proto(&entry.schema, entry.write_only);
        ((*name).to_owned(), schema)
    });
    let data_sources = registry
        .data_sources
        .iter()
        .map(|(name, entry)| ((*name).to_owned(), schema::to_proto(&entry.schema, &[])));
    let ephemerals = registry.ephemerals.iter();
    let ephemerals =
        ephemerals.map(|(name, entry)| ((*name).to_owned(), schema::to_proto(&entry.schema, &[])));
    let lists = registry.listables.iter();
    let lists =
        lists.map(|(name, entry)| ((*name).to_owned(), schema::to_proto(&entry.schema, &[])));
    let actions = registry.actions.iter().map(|(name, entry)| {
        let schema = Some(schema::to_proto(&entry.schema, &[]));
        ((*name).to_owned(), proto::ActionSchema { schema })
    });
    let meta = registry.meta.as_ref();
    proto::get_provider_schema::Response {
        provider: Some(schema::to_proto(&registry.provider, &[])),
        provider_meta: meta.map(|meta| schema::to_proto(meta, &[])),
        resource_schemas: resources.collect(),
        data_source_schemas: data_sources.collect(),
        ephemeral_resource_schemas: ephemerals.collect(),
        list_resource_schemas: lists.collect(),
        action_schemas: actions.collect(),
        functions: signatures(registry),
        diagnostics: report::to_proto(registry.problems.clone()),
        server_capabilities: Some(capabilities()),
        ..Default::default()
    }
}

/// `GetMetadata`.
pub(super) fn metadata(registry: &Registry) -> proto::get_metadata::Response {
    use proto::get_metadata::{
        ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata,
        ListResourceMetadata, ResourceMetadata,
    };
    let own = |name: &&str| (*name).to_owned();
    let resources = registry.resources.keys().map(own);
    let data_sources = registry.data_sources.keys().map(own);
    let ephemerals = registry.ephemerals.keys().map(own);
    let lists = registry.listables.keys().map(own);
    let actions = registry.actions.keys().map(own);
    let functions = registry.functions.keys().map(own);
    proto::get_metadata::Response {
        server_capabilities: Some(capabilities()),
        diagnostics: report::to_proto(registry.problems.clone()),
        resources: resources
            .map(|type_name| ResourceMetadata { type_name })
            .collect(),
        data_sources: data_sources
            .map(|type_name| DataSourceMetadata { type_name })
            .collect(),
        ephemeral_resources: ephemerals
            .map(|type_name| EphemeralMetadata { type_name })
            .collect(),
        list_resources: lists
            .map(|type_name| ListResourceMetadata { type_name })
            .collect(),
        actions: actions
            .map(|type_name| ActionMetadata { type_name })
            .collect(),
        functions: functions.map(|name| FunctionMetadata { name }).collect(),
        ..Default::default()
    }
}

/// `GetFunctions`.
pub(super) fn functions(registry: &Registry) -> proto::get_functions::Response {
    proto::get_functions::Response {
        functions: signatures(registry),
        diagnostics: Vec::new(),
    }
}

fn signatures(registry: &Registry) -> HashMap<String, proto::Function> {
    let functions = registry.functions.iter();
    functions
        .map(|(name, (_, signature))| ((*name).to_owned(), schema::function_to_proto(signature)))
        .collect()
}
