//! Where states are: one port, [`Backend`], behind it one file per backend.
//!
//! Knows how Terraform finds a state, how states are spelled and where each backend keeps them. Knows nothing of
//! environments' lives, and never writes.

use std::{collections::BTreeMap, path::Path};

use async_trait::async_trait;
use ledger::{
    clock::Timestamp,
    fact::{Fact, LockFact, StateFact},
    state_address::StateAddress,
};
use serde_json::Value as Json;

#[cfg(any(test, feature = "contract"))]
pub mod contract;
pub mod discover;
pub mod document;
mod error;
pub mod init_metadata;
pub mod local;
mod local_lock;
pub mod memory;
pub mod provider_address;
pub mod read;
pub mod refusal;
pub mod setting;
pub mod terraform_version;
mod unsupported;

pub use document::{Instance, StateDoc};
pub use error::StateError;
pub(crate) use error::unreadable;
pub use refusal::StateRefusal;

use self::setting::{Setting, without_credentials};

/// Every backend whose states are read.
static KNOWN: &[&dyn Backend] = &[
    // One file and one line each.
    &local::LOCAL,
];

/// The backend that Terraform takes where a configuration names none.
pub const DEFAULT: &str = local::NAME;

/// One way of keeping states. It owns its client and its credentials.
#[async_trait]
pub trait Backend: Send + Sync {
    /// The word that names it in a configuration.
    fn name(&self) -> &'static str;

    /// Its settings that are recorded: they say where a state is, and hold no secret. All others are never kept.
    fn settings(&self) -> &'static [Setting];

    /// What is recorded of a state of the root module in `root` that is configured by `given`: made to mean the same from
    /// everywhere.
    fn complete(&self, given: BTreeMap<String, String>, root: &Path) -> BTreeMap<String, String> {
        let _ = root;
        given
    }

    /// The `backend` of a generated root: its name, and the settings that lead to `address` and to no other state.
    ///
    /// # Errors
    /// Why this version cannot work on that state.
    fn configuration(&self, address: &StateAddress) -> Result<Json, StateError>;

    /// The state at `address`; `Ok(None)` only if the backend itself says that nothing is there.
    ///
    /// # Errors
    /// Why it cannot be read, or why what is there is refused.
    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError>;

    /// Who holds the lock of the state at `address`; `Ok(None)` if it is free.
    ///
    /// # Errors
    /// Why it cannot be read.
    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError>;

    /// The states of every workspace that the backend keeps with the settings of `address`, by workspace.
    ///
    /// # Errors
    /// Why it cannot be read.
    async fn list(&self, address: &StateAddress) -> Result<Vec<StateAddress>, StateError>;
}

/// The backend of that name; for names this version does not know, one that says so.
#[must_use]
pub fn named(name: &str) -> &'static dyn Backend {
    let unsupported = unsupported::ALL
        .iter()
        .map(|backend| backend as &dyn Backend);
    let mut known = KNOWN.iter().copied().chain(unsupported);
    known
        .find(|backend| backend.name() == name)
        .unwrap_or(&unsupported::ANY_OTHER)
}

/// The backend of `address`.
#[must_use]
pub fn of(address: &StateAddress) -> &'static dyn Backend {
    named(&address.backend)
}

/// Whether the backend `name` keeps `setting` in an address.
#[must_use]
pub fn keeps(name: &str, setting: &str) -> bool {
    setting::find(named(name).settings(), setting).is_some()
}

/// The address of the state of the root module in `root` that the backend `name` keeps with the settings `given`. A setting
/// that is not known to be harmless is not kept at all.
#[must_use]
pub fn address(
    name: &str,
    given: impl IntoIterator<Item = (String, Json)>,
    workspace: &str,
    root: &Path,
) -> StateAddress {
    let backend = named(name);
    let kept = given.into_iter().filter_map(|(key, value)| {
        let setting = setting::find(backend.settings(), &key)?;
        let text = setting::plain(&value)?;
        let text = match setting.is_url() {
            true => without_credentials(&text),
            false => text,
        };
        Some((key, text))
    });
    let settings = backend.complete(kept.collect(), root);
    StateAddress::new(name, settings, workspace)
}

/// Whether two addresses equal to `address` are one state for certain. Where it is not, equality proves nothing: every
/// `http` address is equal to every other, because the URL is not kept.
#[must_use]
pub fn is_certain(address: &StateAddress) -> bool {
    let mut telling = of(address)
        .settings()
        .iter()
        .filter(|setting| setting.tells_apart)
        .peekable();
    telling.peek().is_some()
        && telling.all(|setting| {
            let value = address.settings.get(setting.name);
            value.is_some_and(|text| !text.is_empty())
        })
}

/// The state at `address` and its lock as a fact, noted as seen at `now`.
///
/// A lock that cannot be read makes the whole unreadable: it may be held.
pub async fn observe(
    backend: &dyn Backend,
    address: &StateAddress,
    now: Timestamp,
) -> Fact<StateFact> {
    let source = address.to_string();
    // The lock first: who takes it between the two reads is then at work on what was read before.
    let lock = match backend.lock(address).await {
        Ok(lock) => lock,
        Err(error) => return unseen(&error, source, now),
    };
    match backend.read(address).await {
        Ok(Some(doc)) => Fact::known(doc.fact(lock), source, now),
        Ok(None) => Fact::absent(source, now),
        Err(error) => unseen(&error, source, now),
    }
}

/// The fact says what to do, too: a reader of a review reads nothing else.
fn unseen(error: &StateError, source: String, now: Timestamp) -> Fact<StateFact> {
    Fact::unreadable(format!("{error}; to do: {}", error.remedy()), source, now)
}
