//! What a provider is, told to the server. The same set of types is served whatever local name a configuration gives
//! the provider, so the names here are whole (`ttl_lease`, not `lease`).

use std::time::Duration;

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;
use tf_provider::value::ValueEmpty;

use super::stop::Stop;
use super::types::Types;

/// How long [`ProviderDefinition::stopping`] and [`ProviderDefinition::shutdown`] may each take. A person waits for it
/// at a terminal, and a client that waits for nothing kills the process two seconds after its shutdown was answered.
pub const PATIENCE_AT_THE_END: Duration = Duration::from_secs(5);

/// Type for a resource that keeps no private data: `type PrivateState<'a> = NoPrivate`.
pub type NoPrivate = ValueEmpty;

/// Type for a provider without `provider_meta`: `type ProviderMetaState<'a> = NoMeta`.
pub type NoMeta = ValueEmpty;

/// What `configure` learns beside the configuration.
#[derive(Clone, Debug)]
pub struct Session {
    /// Version of the Terraform or OpenTofu that calls, for example `1.11.4`; empty from clients that do not say.
    pub terraform_version: String,
    /// Raised when the user interrupts; long waits should watch it.
    pub stop: Stop,
}

/// A provider: its configuration and its types.
#[async_trait]
pub trait ProviderDefinition: Send + Sync + 'static {
    /// The provider block as a struct with one `Value<…>` field per attribute of [`Self::schema`].
    type Config: DeserializeOwned + Send;

    /// The schema of the provider block.
    fn schema(&self) -> Schema;

    /// The schema of `terraform { provider_meta … }`, if there is one. Without it every `meta` is null.
    fn meta_schema(&self) -> Option<Schema> {
        None
    }

    /// The addresses this provider is published under; states move freely between them.
    fn addresses(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks the provider block. Required attributes are not null here; anything may be unknown, and what breaks the schema
    /// is.
    async fn validate_config(&self, diags: &mut Diagnostics, config: Self::Config) {
        let _ = (diags, config);
    }

    /// Takes the configuration. Values may be unknown during a plan, and that must not fail; it is called again, in
    /// another process, when they are known.
    async fn configure(&self, diags: &mut Diagnostics, session: Session, config: Self::Config);

    /// Everything it serves.
    fn types(&self) -> Types;

    /// The user interrupted: end what should not outlive the run. Calls under way go on, and more may follow (an apply
    /// is saved after this). Called at each `StopProvider`, after [`Session::stop`] was raised; cut off after
    /// [`PATIENCE_AT_THE_END`].
    async fn stopping(&self) {}

    /// The process is about to end. Called once, when the client asked for the shutdown, was killed, or a signal came;
    /// not when this process itself is killed. Cut off after [`PATIENCE_AT_THE_END`].
    async fn shutdown(&self) {}
}
