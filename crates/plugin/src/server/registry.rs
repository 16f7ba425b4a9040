//! What the calls of one provider look things up in. Built once at the start.

use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use crate::definition::ProviderDefinition;
use crate::proto::tfplugin6::DynamicValue;
use crate::raw::Raw;
use crate::table::received;
use crate::types::Types;

/// Everything there is.
pub(crate) struct Registry {
    /// The schema of the provider block.
    pub(super) provider: Schema,
    /// The schema of `provider_meta`.
    pub(super) meta: Option<Schema>,
    /// The addresses of the provider.
    pub(super) addresses: &'static [&'static str],
    /// The types.
    pub(super) types: Types,
}

impl Registry {
    /// What `definition` says of itself.
    pub(super) fn of(definition: &impl ProviderDefinition) -> Self {
        Self {
            provider: definition.schema(),
            meta: definition.meta_schema(),
            addresses: definition.addresses(),
            types: definition.types(),
        }
    }

    /// The `provider_meta` value; null where there is none, which is what most clients send.
    pub(super) fn meta(
        &self,
        message: Option<&DynamicValue>,
        diags: &mut Diagnostics,
    ) -> Option<Raw> {
        match &self.meta {
            Some(schema) => received(schema, "provider_meta", message, diags),
            None => Some(Raw::Nil),
        }
    }
}
