//! Resources: tf-provider's trait with the abilities it lacks, for a server that knows none of their types. What the protocol
//! makes of an outcome (a destroy that answers nothing, a create that half failed) is `server`'s.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::raw::Raw;
use super::report::Report;
use super::resource_identity::{IdentitySchema, ObjectIdentity};
use super::table::Validate;
use super::typed::{read, read_private, read_to_check, write, write_private};

/// The abilities `tf_provider::Resource` has no method for, or one that cannot be called.
pub trait ResourceExtras: Resource {
    /// Top-level attributes whose value is only ever in the configuration, never in plan or state. The server marks
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

/// A state and the private data kept beside it.
pub(crate) type Stored = (Raw, Vec<u8>);

/// The values of a change, decoded.
pub(crate) enum Change {
    /// There is nothing yet.
    Create { next: Raw, config: Raw },
    /// There is something, and something else is wanted.
    Update { prior: Raw, next: Raw, config: Raw },
    /// Nothing is wanted any more.
    Destroy { prior: Raw },
}

/// A resource for the server.
#[async_trait]
pub(crate) trait ErasedResource: Validate {
    /// See [`Resource::read`].
    async fn read(
        &self,
        diags: &mut Diagnostics,
        state: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored>;
    /// See [`Resource::plan_create`], [`Resource::plan_update`] and [`Resource::plan_destroy`]; with the attributes that
    /// force a replacement.
    async fn plan(
        &self,
        diags: &mut Diagnostics,
        change: Change,
        private: &[u8],
        meta: Raw,
    ) -> Option<(Stored, Vec<AttributePath>)>;
    /// See [`Resource::create`], [`Resource::update`] and [`Resource::destroy`].
    async fn apply(
        &self,
        diags: &mut Diagnostics,
        change: Change,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored>;
    /// See [`Resource::import`].
    async fn import(&self, diags: &mut Diagnostics, id: String) -> Option<Stored>;
    /// See [`ResourceExtras::identity_schema`].
    fn identity_schema(&self) -> Option<IdentitySchema>;
    /// See [`ResourceExtras::import_id`].
    fn import_id(&self, identity: &ObjectIdentity) -> Option<String>;
    /// See [`ResourceExtras::without_defaults`].
    fn without_defaults(&self, diags: &mut Diagnostics, state: Raw) -> Option<Raw>;
    /// See [`ResourceExtras::upgrade_state`].
    fn upgrade(&self, diags: &mut Diagnostics, version: i64, state: Json) -> Option<Raw>;
}

/// Makes an [`ErasedResource`] of a [`Resource`].
pub(crate) struct Erased<T>(pub(crate) T);

fn stored<S: Serialize, P: Serialize>(
    diags: &mut Diagnostics,
    (state, private): (S, P),
) -> Option<Stored> {
    Some((write(&state, diags)?, write_private(&private, diags)?))
}

#[async_trait]
impl<T, S> Validate for Erased<T>
where
    T: for<'a> Resource<State<'a> = S>,
    S: Serialize + DeserializeOwned + Send + 'static,
{
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await
    }
}

#[async_trait]
impl<T, S, P, M> ErasedResource for Erased<T>
where
    T: ResourceExtras
        + for<'a> Resource<State<'a> = S, PrivateState<'a> = P, ProviderMetaState<'a> = M>,
    S: Serialize + DeserializeOwned + Send + 'static,
    P: Serialize + DeserializeOwned + Send + 'static,
    M: Serialize + DeserializeOwned + Send + 'static,
{
    async fn read(
        &self,
        diags: &mut Diagnostics,
        state: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored> {
        let (state, meta) = (read(&state, diags)?, read(&meta, diags)?);
        let private = read_private(private, diags)?;
        let answer = self.0.read(diags, state, private, meta).await?;
        stored(diags, answer)
    }

    async fn plan(
        &self,
        diags: &mut Diagnostics,
        change: Change,
        private: &[u8],
        meta: Raw,
    ) -> Option<(Stored, Vec<AttributePath>)> {
        let (resource, meta) = (&self.0, read(&meta, diags)?);
        match change {
            Change::Create { next, config } => {
                let (next, config) = (read(&next, diags)?, read(&config, diags)?);
                let planned = resource.plan_create(diags, next, config, meta).await?;
                Some((stored(diags, planned)?, Vec::new()))
            }
            Change::Update {
                prior,
                next,
                config,
            } => {
                let (prior, next) = (read(&prior, diags)?, read(&next, diags)?);
                let (config, private) = (read(&config, diags)?, read_private(private, diags)?);
                let (state, private, replace) = resource
                    .plan_update(diags, prior, next, config, private, meta)
                    .await?;
                Some((stored(diags, (state, private))?, replace))
            }
            Change::Destroy { prior } => {
                let (prior, private) = (read(&prior, diags)?, read_private(private, diags)?);
                let private = resource.plan_destroy(diags, prior, private, meta).await?;
                Some(((Raw::Nil, write_private(&private, diags)?), Vec::new()))
            }
        }
    }

    async fn apply(
        &self,
        diags: &mut Diagnostics,
        change: Change,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored> {
        let (resource, meta) = (&self.0, read(&meta, diags)?);
        let private = read_private(private, diags)?;
        let answer = match change {
            Change::Create { next, config } => {
                let (next, config) = (read(&next, diags)?, read(&config, diags)?);
                resource.create(diags, next, config, private, meta).await?
            }
            Change::Update {
                prior,
                next,
                config,
            } => {
                let (prior, next) = (read(&prior, diags)?, read(&next, diags)?);
                let config = read(&config, diags)?;
                resource
                    .update(diags, prior, next, config, private, meta)
                    .await?
            }
            Change::Destroy { prior } => {
                let prior = read(&prior, diags)?;
                resource.destroy(diags, prior, private, meta).await?;
                return Some((Raw::Nil, Vec::new()));
            }
        };
        stored(diags, answer)
    }

    async fn import(&self, diags: &mut Diagnostics, id: String) -> Option<Stored> {
        let answer = self.0.import(diags, id).await?;
        stored(diags, answer)
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        self.0.identity_schema()
    }

    fn import_id(&self, identity: &ObjectIdentity) -> Option<String> {
        self.0.import_id(identity)
    }

    fn without_defaults(&self, diags: &mut Diagnostics, state: Raw) -> Option<Raw> {
        let state = read(&state, diags)?;
        write(&self.0.without_defaults(state), diags)
    }

    fn upgrade(&self, diags: &mut Diagnostics, version: i64, state: Json) -> Option<Raw> {
        let state = self.0.upgrade_state(diags, version, state)?;
        write(&state, diags)
    }
}
