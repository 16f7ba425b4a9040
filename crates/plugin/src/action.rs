//! Actions behind an object-safe face (since Terraform 1.14): something done at once, outside any resource's life, with
//! words of progress while it lasts. An action changes no state.

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;
use tokio::sync::mpsc;

use super::raw::Raw;
use super::typed::{read, read_to_check};

/// Where an action says how far it is.
#[derive(Clone, Debug)]
pub struct Progress(mpsc::Sender<String>);

impl Progress {
    /// Words for whoever takes the receiver.
    pub(crate) fn to(words: mpsc::Sender<String>) -> Self {
        Self(words)
    }

    /// Shows `words` to the user: a sentence, without a secret. Whoever has hung up misses it.
    pub async fn say(&self, words: impl Into<String> + Send) {
        // The work goes on without a listener: it was asked for.
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

/// An action type as the server sees it. Make one with [`action`].
#[async_trait]
pub trait Invocable: Send + Sync {
    /// See [`Action::schema`].
    fn schema(&self) -> Schema;
    /// See [`Action::validate`]. `None` if the configuration cannot be read.
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()>;
    /// See [`Action::invoke`]. `None` if the configuration cannot be read.
    async fn invoke(&self, diags: &mut Diagnostics, config: Raw, progress: &Progress)
    -> Option<()>;
}

/// Makes an action servable.
pub fn action<T: Action>(action: T) -> Box<dyn Invocable> {
    Box::new(Adapter(action))
}

struct Adapter<T>(T);

#[async_trait]
impl<T: Action> Invocable for Adapter<T> {
    fn schema(&self) -> Schema {
        self.0.schema()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await;
        Some(())
    }

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
