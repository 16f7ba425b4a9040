//! Managed resources behind one object-safe face: values in, values out. The adapter does the typing; what the
//! protocol makes of an outcome (a destroy that answers nothing, a create that half failed) is `server`'s.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use tf_provider::schema::Schema;
use tf_provider::{AttributePath, Diagnostics, Resource};

use super::extras::ResourceExtras;
use super::identity::{IdentitySchema, ObjectIdentity};
use super::raw::Raw;
use super::typed::{read, read_private, read_to_check, write, write_private};

/// A state and the private data kept beside it.
pub type Stored = (Raw, Vec<u8>);

/// A managed resource type as the server sees it. Make one with [`managed`].
#[async_trait]
pub trait Managed: Send + Sync {
    /// See [`Resource::schema`].
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema>;
    /// See [`ResourceExtras::write_only`].
    fn write_only(&self) -> &'static [&'static str];
    /// See [`Resource::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()>;
    /// See [`Resource::read`].
    async fn read(
        &self,
        diags: &mut Diagnostics,
        state: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored>;
    /// See [`Resource::plan_create`].
    async fn plan_create(
        &self,
        diags: &mut Diagnostics,
        proposed: Raw,
        config: Raw,
        meta: Raw,
    ) -> Option<Stored>;
    /// See [`Resource::plan_update`].
    async fn plan_update(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        proposed: Raw,
        config: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<(Stored, Vec<AttributePath>)>;
    /// See [`Resource::plan_destroy`].
    async fn plan_destroy(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Vec<u8>>;
    /// See [`Resource::create`].
    async fn create(
        &self,
        diags: &mut Diagnostics,
        planned: Raw,
        config: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored>;
    /// See [`Resource::update`].
    async fn update(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        planned: Raw,
        config: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored>;
    /// See [`Resource::destroy`].
    async fn destroy(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<()>;
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

/// Makes a resource servable.
pub fn managed<T, S, P, M>(resource: T) -> Box<dyn Managed>
where
    T: ResourceExtras
        + for<'a> Resource<State<'a> = S, PrivateState<'a> = P, ProviderMetaState<'a> = M>
        + 'static,
    S: Serialize + DeserializeOwned + Send + 'static,
    P: Serialize + DeserializeOwned + Send + 'static,
    M: Serialize + DeserializeOwned + Send + 'static,
{
    Box::new(Adapter(resource))
}

struct Adapter<T>(T);

fn stored<S: Serialize, P: Serialize>(
    diags: &mut Diagnostics,
    (state, private): (S, P),
) -> Option<Stored> {
    Some((write(&state, diags)?, write_private(&private, diags)?))
}

#[async_trait]
impl<T, S, P, M> Managed for Adapter<T>
where
    T: ResourceExtras
        + for<'a> Resource<State<'a> = S, PrivateState<'a> = P, ProviderMetaState<'a> = M>,
    S: Serialize + DeserializeOwned + Send + 'static,
    P: Serialize + DeserializeOwned + Send + 'static,
    M: Serialize + DeserializeOwned + Send + 'static,
{
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diags)
    }

    fn write_only(&self) -> &'static [&'static str] {
        self.0.write_only()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await
    }

    async fn read(
        &self,
        diags: &mut Diagnostics,
        state: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored> {
        let state = read(&state, diags)?;
        let private = read_private(private, diags)?;
        let meta = read(&meta, diags)?;
        let answer = self.0.read(diags, state, private, meta).await?;
        stored(diags, answer)
    }

    async fn plan_create(
        &self,
        diags: &mut Diagnostics,
        proposed: Raw,
        config: Raw,
        meta: Raw,
    ) -> Option<Stored> {
        let (proposed, config) = (read(&proposed, diags)?, read(&config, diags)?);
        let meta = read(&meta, diags)?;
        let answer = self.0.plan_create(diags, proposed, config, meta).await?;
        stored(diags, answer)
    }

    async fn plan_update(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        proposed: Raw,
        config: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<(Stored, Vec<AttributePath>)> {
        let (prior, proposed) = (read(&prior, diags)?, read(&proposed, diags)?);
        let (config, meta) = (read(&config, diags)?, read(&meta, diags)?);
        let private = read_private(private, diags)?;
        let resource = &self.0;
        let (state, private, replace) = resource
            .plan_update(diags, prior, proposed, config, private, meta)
            .await?;
        Some((stored(diags, (state, private))?, replace))
    }

    async fn plan_destroy(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Vec<u8>> {
        let (prior, meta) = (read(&prior, diags)?, read(&meta, diags)?);
        let private = read_private(private, diags)?;
        let private = self.0.plan_destroy(diags, prior, private, meta).await?;
        write_private(&private, diags)
    }

    async fn create(
        &self,
        diags: &mut Diagnostics,
        planned: Raw,
        config: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored> {
        let (planned, config) = (read(&planned, diags)?, read(&config, diags)?);
        let (private, meta) = (read_private(private, diags)?, read(&meta, diags)?);
        let answer = self.0.create(diags, planned, config, private, meta).await?;
        stored(diags, answer)
    }

    async fn update(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        planned: Raw,
        config: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<Stored> {
        let (prior, planned) = (read(&prior, diags)?, read(&planned, diags)?);
        let (config, meta) = (read(&config, diags)?, read(&meta, diags)?);
        let private = read_private(private, diags)?;
        let resource = &self.0;
        let answer = resource
            .update(diags, prior, planned, config, private, meta)
            .await?;
        stored(diags, answer)
    }

    async fn destroy(
        &self,
        diags: &mut Diagnostics,
        prior: Raw,
        private: &[u8],
        meta: Raw,
    ) -> Option<()> {
        let (prior, meta) = (read(&prior, diags)?, read(&meta, diags)?);
        let private = read_private(private, diags)?;
        self.0.destroy(diags, prior, private, meta).await
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
