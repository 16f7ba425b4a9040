//! What a managed resource can do beyond tf-provider's `Resource`. Everything has a default; implement it empty.

use serde_json::Value as Json;
use tf_provider::{Diagnostics, Resource};

use super::identity::{IdentitySchema, ObjectIdentity};
use super::report::Report;

/// The abilities `tf_provider::Resource` has no method for, or one that cannot be called.
pub trait ResourceExtras: Resource {
    /// Top-level attributes whose value is only ever in the configuration, never in plan or state. The wire marks
    /// them in the schema and nulls them in everything the resource returns. They must be optional or required.
    fn write_only(&self) -> &'static [&'static str] {
        &[]
    }

    /// What tells two objects of this type apart; `None` if the type has no identity. Each part is the top-level
    /// attribute of its name, and never changes while the object lives.
    fn identity_schema(&self) -> Option<IdentitySchema> {
        None
    }

    /// The id that imports the object with this identity; by default the only part's value.
    fn import_id(&self, identity: &ObjectIdentity) -> Option<String> {
        let mut parts = identity.values();
        let only = parts.next().cloned();
        only.filter(|_| parts.next().is_none())
    }

    /// A state that an import gave, on its way to become a configuration, without what follows from defaults. What only
    /// the provider sets is null already.
    fn without_defaults(&self, state: Self::State<'static>) -> Self::State<'static> {
        state
    }

    /// Brings a state stored under schema version `version` to the current one. Only called for another version than
    /// the schema's; the same version passes through by itself, with attributes that are new as null.
    ///
    /// `None` needs an error in `diags`. tf-provider's own `upgrade` is never called.
    fn upgrade_state(
        &self,
        diags: &mut Diagnostics,
        version: i64,
        state: Json,
    ) -> Option<Self::State<'static>> {
        drop(state);
        diags.fail(
            "Unsupported State Version",
            format!(
                "The state was stored under schema version {version}, which this version of the provider cannot read. \
                 Use a provider at least as new as the one that wrote the state."
            ),
        );
        None
    }
}
