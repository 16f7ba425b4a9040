//! List resources (`terraform query`, since Terraform 1.14): the objects that exist and could be imported, filtered, with
//! the identity of each and on request its state.
//!
//! A list resource has the name of a managed resource with an identity; its results are objects of that type.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tf_provider::Diagnostics;
use tf_provider::schema::Schema;

use super::raw::Raw;
use super::resource_identity::ObjectIdentity;
use super::table::Validate;
use super::typed::{read, read_to_check, write};

/// One object of a list.
#[derive(Clone, Debug)]
pub struct Listed<S> {
    /// What tells it apart.
    pub identity: ObjectIdentity,
    /// What a person reads.
    pub display_name: String,
    /// Its state, as an import would give it; may be left out where it was not asked for.
    pub state: Option<S>,
}

/// How much of a list is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// At most so many objects. More may be given, and are cut off.
    pub limit: usize,
    /// Whether states are wanted too.
    pub states: bool,
}

/// A list resource type.
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// The filters: a struct with one `Value<…>` field per attribute of [`Self::schema`].
    type Config: DeserializeOwned + Send;
    /// The state of the managed resource type of the same name.
    type State: Serialize + Send;

    /// The schema of the filters.
    fn schema(&self) -> Schema;

    /// Checks the filters; anything may be unknown, and what breaks the schema is.
    async fn validate(&self, diags: &mut Diagnostics, config: Self::Config) {
        let _ = (diags, config);
    }

    /// The objects that pass the filters, which are all known. `None` needs an error. A list that may lack something
    /// says so in a warning.
    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: Self::Config,
        wanted: Wanted,
    ) -> Option<Vec<Listed<Self::State>>>;
}

/// A list resource for the server, which knows none of its types.
#[async_trait]
pub(crate) trait ErasedListResource: Validate {
    /// See [`ListResource::list`].
    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: Raw,
        wanted: Wanted,
    ) -> Option<Vec<Listed<Raw>>>;
}

/// Makes an [`ErasedListResource`] of a [`ListResource`].
pub(crate) struct Erased<T>(pub(crate) T);

#[async_trait]
impl<T: ListResource> Validate for Erased<T> {
    async fn validate(&self, diags: &mut Diagnostics, config: Raw) -> Option<()> {
        let config = read_to_check(&config, diags)?;
        self.0.validate(diags, config).await;
        Some(())
    }
}

#[async_trait]
impl<T: ListResource> ErasedListResource for Erased<T> {
    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: Raw,
        wanted: Wanted,
    ) -> Option<Vec<Listed<Raw>>> {
        let config = read(&config, diags)?;
        let found = self.0.list(diags, config, wanted).await?;
        let mut listed = Vec::with_capacity(found.len().min(wanted.limit));
        for object in found.into_iter().take(wanted.limit) {
            let state = match object.state.filter(|_| wanted.states) {
                Some(state) => Some(write(&state, diags)?),
                None => None,
            };
            listed.push(Listed {
                identity: object.identity,
                display_name: object.display_name,
                state,
            });
        }
        Some(listed)
    }
}
