//! Data sources: tf-provider's trait, for a server that knows no type of their state.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::{DataSource, Diagnostics};

use super::raw::Raw;
use super::table::Validate;
use super::typed::{read, read_to_check, write};

/// A data source for the server.
#[async_trait]
pub(crate) trait ErasedDataSource: Validate {
    /// See [`DataSource::read`].
    async fn read(&self, diags: &mut Diagnostics, config: Raw, meta: Raw) -> Option<Raw>;
}

/// Makes an [`ErasedDataSource`] of a [`DataSource`].
pub(crate) struct Erased<T>(pub(crate) T);

#[async_trait]
impl<T, S> Validate for Erased<T>
where
    T: for<'a> DataSource<State<'a> = S>,
    S: Serialize + DeserializeOwned + Send + 'static,
{
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await
    }
}

#[async_trait]
impl<T, S, M> ErasedDataSource for Erased<T>
where
    T: for<'a> DataSource<State<'a> = S, ProviderMetaState<'a> = M>,
    S: Serialize + DeserializeOwned + Send + 'static,
    M: Serialize + DeserializeOwned + Send + 'static,
{
    async fn read(&self, diags: &mut Diagnostics, config: Raw, meta: Raw) -> Option<Raw> {
        let (config, meta) = (read(&config, diags)?, read(&meta, diags)?);
        let state = self.0.read(diags, config, meta).await?;
        write(&state, diags)
    }
}
