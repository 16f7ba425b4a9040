//! Backends whose settings are known, so that their states have an address, and that this version cannot read: their one
//! answer is that nobody can tell.

use async_trait::async_trait;
use ledger::{fact::LockFact, state_address::StateAddress};
use serde_json::Value as Json;

use crate::{Backend, StateDoc, StateError, setting::Setting, unreadable};

/// A backend known by its settings only.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unsupported {
    /// The word that names it.
    pub(crate) name: &'static str,
    /// Its settings that are recorded.
    pub(crate) settings: &'static [Setting],
}

/// A backend that is not known at all: none of its settings is known to be harmless.
pub(crate) static ANY_OTHER: Unsupported = Unsupported {
    name: "",
    settings: &[],
};

fn unsupported(address: &StateAddress) -> StateError {
    let read: Vec<String> = crate::KNOWN
        .iter()
        .map(|backend| format!("`{}`", backend.name()))
        .collect();
    unreadable(
        format!(
            "backend `{}` is not supported by this version of the sweeper",
            address.backend
        ),
        format!(
            "upgrade the sweeper, or destroy the environment with `terraform destroy` where it was applied; this \
             version reads: {}",
            read.join(", ")
        ),
    )
}

#[async_trait]
impl Backend for Unsupported {
    fn name(&self) -> &'static str {
        self.name
    }

    fn settings(&self) -> &'static [Setting] {
        self.settings
    }

    fn configuration(&self, address: &StateAddress) -> Result<Json, StateError> {
        Err(unsupported(address))
    }

    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError> {
        Err(unsupported(address))
    }

    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError> {
        Err(unsupported(address))
    }

    async fn list(&self, address: &StateAddress) -> Result<Vec<StateAddress>, StateError> {
        Err(unsupported(address))
    }
}
