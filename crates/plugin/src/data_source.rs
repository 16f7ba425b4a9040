//! Data sources behind an object-safe face, like `managed` for resources.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::schema::Schema;
use tf_provider::{DataSource, Diagnostics};

use super::raw::Raw;
use super::typed::{read, read_to_check, write};

/// A data source type as the server sees it. Make one with [`data_source`].
#[async_trait]
pub trait Readable: Send + Sync {
    /// See [`DataSource::schema`].
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema>;
    /// See [`DataSource::validate`].
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()>;
    /// See [`DataSource::read`].
    async fn read(&self, diags: &mut Diagnostics, config: Raw, meta: Raw) -> Option<Raw>;
}

/// Makes a data source servable.
pub fn data_source<T, S, M>(source: T) -> Box<dyn Readable>
where
    T: for<'a> DataSource<State<'a> = S, ProviderMetaState<'a> = M> + 'static,
    S: Serialize + DeserializeOwned + Send + 'static,
    M: Serialize + DeserializeOwned + Send + 'static,
{
    Box::new(Adapter(source))
}

struct Adapter<T>(T);

#[async_trait]
impl<T, S, M> Readable for Adapter<T>
where
    T: for<'a> DataSource<State<'a> = S, ProviderMetaState<'a> = M>,
    S: Serialize + DeserializeOwned + Send + 'static,
    M: Serialize + DeserializeOwned + Send + 'static,
{
    fn schema(&self, diags: &mut Diagnostics) -> Option<Schema> {
        self.0.schema(diags)
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await
    }

    async fn read(&self, diags: &mut Diagnostics, config: Raw, meta: Raw) -> Option<Raw> {
        let (config, meta) = (read(&config, diags)?, read(&meta, diags)?);
        let state = self.0.read(diags, config, meta).await?;
        write(&state, diags)
    }
}
