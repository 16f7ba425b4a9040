//! Actions (since Terraform 1.14): something done at once, outside any resource's life, with messages of progress while
//! it lasts. An action changes no state.

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;
use tokio::sync::mpsc;

use super::raw::Raw;
use super::table::Validate;
use super::typed::{read, read_to_check};

/// Where an action says how far it is.
#[derive(Clone, Debug)]
pub struct Progress(mpsc::Sender<String>);

impl Progress {
    /// Messages for the receiver of `words`.
    pub(crate) fn to(words: mpsc::Sender<String>) -> Self {
        Self(words)
    }

    /// Shows `words` to the user: a sentence, without a secret. A client that has hung up misses it.
    pub async fn say(&self, words: impl Into<String> + Send) {
        // The work goes on without a client: it was asked for.
        let _ = self.0.send(words.into()).await;
    }
}

/// An action type.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// The configuration: a struct with one `Value<…>` field per attribute of [`Self::schema`].
    type Config: DeserializeOwned + Send;

    /// The schema of the configuration.
    fn schema(&self) -> Schema;

    /// Checks the configuration, alone and when it is planned. Required attributes are not null here; anything may be
    /// unknown, and what breaks the schema is; what it refers to may not exist yet.
    async fn validate(&self, diags: &mut Diagnostics, config: Self::Config) {
        let _ = (diags, config);
    }

    /// Does it. Everything in the configuration is known. It has failed if and only if it raised an error.
    async fn invoke(&self, diags: &mut Diagnostics, config: Self::Config, progress: &Progress);
}

/// An action for the server, which knows no type of its configuration.
#[async_trait]
pub(crate) trait ErasedAction: Validate {
    /// See [`Action::invoke`]. `None` if the configuration cannot be read.
    async fn invoke(&self, diags: &mut Diagnostics, config: Raw, progress: &Progress)
    -> Option<()>;
}

/// Makes an [`ErasedAction`] of an [`Action`].
pub(crate) struct Erased<T>(pub(crate) T);

#[async_trait]
impl<T: Action> Validate for Erased<T> {
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await;
        Some(())
    }
}

#[async_trait]
impl<T: Action> ErasedAction for Erased<T> {
    async fn invoke(
        &self,
        diags: &mut Diagnostics,
        config: Raw,
        progress: &Progress,
    ) -> Option<()> {
        let config = read(&config, diags)?;
        self.0.invoke(diags, config, progress).await;
        Some(())
    }
}
