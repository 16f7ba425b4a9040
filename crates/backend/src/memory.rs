//! The in-memory twin of the backends: states that a test puts there.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use ledger::{fact::LockFact, state_address::StateAddress};
use serde_json::{Value as Json, json};

use crate::{
    Backend, StateDoc, StateError, read,
    setting::{Setting, telling, typed},
};

/// The word that names it; Terraform has no backend of that name.
pub const NAME: &str = "memory";

/// States in memory.
#[derive(Debug, Default)]
pub struct MemoryBackend {
    kept: Mutex<BTreeMap<Key, Kept>>,
}

/// Settings and workspace of an address.
type Key = (BTreeMap<String, String>, String);

#[derive(Debug, Default)]
struct Kept {
    state: Option<Vec<u8>>,
    lock: Option<LockFact>,
}

impl MemoryBackend {
    /// Puts the bytes of a state at `address`.
    pub fn put(&self, address: &StateAddress, state: &[u8]) {
        self.kept().entry(key(address)).or_default().state = Some(state.to_vec());
    }

    /// Locks the state at `address`, or unlocks it.
    pub fn set_lock(&self, address: &StateAddress, lock: Option<LockFact>) {
        self.kept().entry(key(address)).or_default().lock = lock;
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<Key, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(address: &StateAddress) -> Key {
    (address.settings.clone(), address.workspace.clone())
}

#[async_trait]
impl Backend for MemoryBackend {
    fn name(&self) -> &'static str {
        NAME
    }

    fn settings(&self) -> &'static [Setting] {
        const { &[telling("path")] }
    }

    fn configuration(&self, address: &StateAddress) -> Result<Json, StateError> {
        Ok(json!({NAME: typed(self.settings(), &address.settings)}))
    }

    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError> {
        let kept = self.kept();
        let state = kept.get(&key(address)).and_then(|one| one.state.as_deref());
        Ok(state.map(read::read).transpose()?)
    }

    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError> {
        let kept = self.kept();
        Ok(kept.get(&key(address)).and_then(|one| one.lock.clone()))
    }

    async fn list(&self, address: &StateAddress) -> Result<Vec<StateAddress>, StateError> {
        let kept = self.kept();
        let of_the_same = kept
            .iter()
            .filter(|((settings, _), one)| *settings == address.settings && one.state.is_some());
        let found = of_the_same.map(|((_, workspace), _)| {
            StateAddress::new(&address.backend, address.settings.clone(), workspace)
        });
        Ok(found.collect())
    }
}
