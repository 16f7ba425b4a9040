//! Ephemeral resources. One is opened when a run begins to need it, renewed while the run lives, and closed at its end;
//! nothing of it is ever in a state or a plan.
//!
//! What clients do, as seen with Terraform 1.11.4: they open in every plan, every apply and every destroy; `close` gets
//! the private data of `open`, not that of the last `renew`; after Ctrl-C they never close. So opening must be cheap,
//! a lifetime must bound what was opened, and [`ProviderDefinition::stopping`] and [`ProviderDefinition::shutdown`] are
//! the last chances to end it early.
//!
//! [`ProviderDefinition::stopping`]: super::ProviderDefinition::stopping
//! [`ProviderDefinition::shutdown`]: super::ProviderDefinition::shutdown

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::raw::Raw;
use super::table::Validate;
use super::typed::{read, read_private, read_to_check, write, write_private};

/// What opening gave.
#[derive(Clone, Debug)]
pub struct Opened<R, P> {
    /// The object the configuration sees. Configured values must come back as they were; nothing may be unknown.
    pub result: R,
    /// What `renew` and `close` will be given. It travels through the client and is never stored.
    pub private: P,
    /// When to renew, if ever. A client renews some time before it, once.
    pub renew_at: Option<DateTime<Utc>>,
}

/// What renewing gave.
#[derive(Clone, Debug)]
pub struct Renewed<P> {
    /// What the next `renew` will be given. `close` still gets what `open` gave.
    pub private: P,
    /// When to renew again, if ever.
    pub renew_at: Option<DateTime<Utc>>,
}

/// An ephemeral resource type.
#[async_trait]
pub trait EphemeralResource: Send + Sync + 'static {
    /// The configuration: a struct with one `Value<…>` field per attribute of [`Self::schema`].
    type Config: DeserializeOwned + Send;
    /// The opened object: likewise, field for field the schema. It may be the same type.
    type Result: Serialize + Send;
    /// What is handed from `open` to `renew` and `close`.
    type Private: Serialize + DeserializeOwned + Send;

    /// The schema of both configuration and result; what the provider sets is computed.
    fn schema(&self) -> Schema;

    /// Checks the configuration. Required attributes are not null here; anything may be unknown, and what breaks the schema
    /// is.
    async fn validate(&self, diags: &mut Diagnostics, config: Self::Config) {
        let _ = (diags, config);
    }

    /// Opens it. Everything in the configuration is known. `None` needs an error; an error beside `Some` refuses the
    /// result but hides nothing that was opened, so close it first.
    async fn open(
        &self,
        diags: &mut Diagnostics,
        config: Self::Config,
    ) -> Option<Opened<Self::Result, Self::Private>>;

    /// Renews it. Only called when `open` or the last `renew` named a time. `None` needs an error.
    async fn renew(
        &self,
        diags: &mut Diagnostics,
        private: Self::Private,
    ) -> Option<Renewed<Self::Private>>;

    /// Closes it, with what `open` gave. Closing what has ended already is a success.
    async fn close(&self, diags: &mut Diagnostics, private: Self::Private);
}

/// An ephemeral resource for the server, which knows none of its types.
#[async_trait]
pub(crate) trait ErasedEphemeralResource: Validate {
    /// See [`EphemeralResource::open`].
    async fn open(&self, diags: &mut Diagnostics, config: Raw) -> Option<Opened<Raw, Vec<u8>>>;
    /// See [`EphemeralResource::renew`].
    async fn renew(&self, diags: &mut Diagnostics, private: &[u8]) -> Option<Renewed<Vec<u8>>>;
    /// See [`EphemeralResource::close`]. `None` if the private data cannot be read.
    async fn close(&self, diags: &mut Diagnostics, private: &[u8]) -> Option<()>;
}

/// Makes an [`ErasedEphemeralResource`] of an [`EphemeralResource`].
pub(crate) struct Erased<T>(pub(crate) T);

#[async_trait]
impl<T: EphemeralResource> Validate for Erased<T> {
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await;
        Some(())
    }
}

#[async_trait]
impl<T: EphemeralResource> ErasedEphemeralResource for Erased<T> {
    async fn open(&self, diags: &mut Diagnostics, config: Raw) -> Option<Opened<Raw, Vec<u8>>> {
        let config = read(&config, diags)?;
        let opened = self.0.open(diags, config).await?;
        Some(Opened {
            result: write(&opened.result, diags)?,
            private: write_private(&opened.private, diags)?,
            renew_at: opened.renew_at,
        })
    }

    async fn renew(&self, diags: &mut Diagnostics, private: &[u8]) -> Option<Renewed<Vec<u8>>> {
        let private = read_private(private, diags)?;
        let renewed = self.0.renew(diags, private).await?;
        Some(Renewed {
            private: write_private(&renewed.private, diags)?,
            renew_at: renewed.renew_at,
        })
    }

    async fn close(&self, diags: &mut Diagnostics, private: &[u8]) -> Option<()> {
        let private = read_private(private, diags)?;
        self.0.close(diags, private).await;
        Some(())
    }
}
