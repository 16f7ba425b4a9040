//! Where states are: found out as Terraform knows it, and read natively, states and locks; one reader per backend.
//!
//! Knows how states are spelled and where each backend keeps them. Knows nothing of environments' lives, and never
//! writes.

use async_trait::async_trait;
use ledger::{
    clock::Timestamp,
    fact::{Cause, Fact, LockFact, StateFact},
    state_address::StateAddress,
};
use thiserror::Error;

pub mod discover;
pub mod document;
pub mod init_metadata;
pub mod initialised;
pub mod local;
pub mod local_lock;
pub mod provider_address;
pub mod read;
pub mod refusal;
pub mod terraform_version;
pub mod unsupported;

pub use document::{Instance, StateDoc};
pub use refusal::StateRefusal;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateError {
    /// The bytes arrived, and the sweeper does not work with them.
    #[error(transparent)]
    Refused(#[from] StateRefusal),
    /// The bytes did not arrive; nobody can tell what is there.
    #[error("{cause}")]
    Unreadable {
        /// What was met.
        cause: Cause,
        /// What a person can do.
        remedy: String,
    },
}

impl StateError {
    /// What a person can do.
    #[must_use]
    pub fn remedy(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.remedy(),
            Self::Unreadable { remedy, .. } => remedy,
        }
    }
}

/// Reads the states of one backend.
#[async_trait]
pub trait StateReader: Send + Sync {
    /// The state at `address`; `Ok(None)` only if the backend itself says that nothing is there.
    ///
    /// # Errors
    /// Why nobody can tell, or why what is there is refused.
    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError>;

    /// Who holds the lock of the state at `address`; `Ok(None)` if nobody does.
    ///
    /// # Errors
    /// Why nobody can tell.
    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError>;
}

/// The reader for the backend of `address`; for backends this version does not know, one that says so.
#[must_use]
pub fn reader_for(address: &StateAddress) -> &'static dyn StateReader {
    match address.backend.as_str() {
        "local" => &local::LocalReader,
        _ => &unsupported::UnsupportedReader,
    }
}

/// The state at `address` and its lock as a fact, noted as seen at `now`.
///
/// A lock that cannot be read makes the whole unreadable: it may be held.
pub async fn observe(
    reader: &dyn StateReader,
    address: &StateAddress,
    now: Timestamp,
) -> Fact<StateFact> {
    let source = address.to_string();
    // The lock first: somebody who takes it between the two reads is then at work on what was read before.
    let lock = match reader.lock(address).await {
        Ok(lock) => lock,
        Err(error) => return unreadable(&error, source, now),
    };
    match reader.read(address).await {
        Ok(Some(doc)) => Fact::known(doc.fact(lock), source, now),
        Ok(None) => Fact::absent(source, now),
        Err(error) => unreadable(&error, source, now),
    }
}

/// The fact says what to do, too: whoever reads that an environment waits for a review reads nothing else.
fn unreadable(error: &StateError, source: String, now: Timestamp) -> Fact<StateFact> {
    Fact::unreadable(format!("{error}; to do: {}", error.remedy()), source, now)
}
