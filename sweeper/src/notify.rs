//! Notices: who wants to hear how an action ended. The port, its kinds, and the telling at the end of a cycle.
//!
//! A notice is keyed by the operation it is about, so that one that is told twice is one. That it could not be told stops
//! nothing. Knows no lifetime and no claim.

use async_trait::async_trait;
use ledger::fact::Cause;

use crate::kind::{Kind, Named};

/// What became of one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The same for the same event, however often it is told.
    pub key: String,
    /// What happened, in one line without secrets.
    pub text: String,
}

/// A channel for notices.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Delivers `notice`, unless its key was delivered before.
    ///
    /// # Errors
    /// Why it could not be delivered.
    async fn deliver(&self, notice: &Notice) -> Result<(), Cause>;
}

/// The kinds of channels that this version knows, one line each.
pub const KINDS: &[Kind<dyn Notifier>] = &[];

/// Tells `notice` on every channel, and answers what was not told.
pub async fn tell(channels: &Named<dyn Notifier>, notice: &Notice) -> Vec<String> {
    let mut untold = Vec::new();
    for (name, channel) in channels.iter() {
        if let Err(cause) = channel.deliver(notice).await {
            untold.push(format!(
                "`[notify.{name}]` did not take the notice {}: {cause}",
                notice.key
            ));
        }
    }
    untold
}

/// A channel that keeps what it takes, for tests.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct MemoryNotifier {
    taken: std::sync::Mutex<std::collections::BTreeMap<String, String>>,
    refuses: Option<Cause>,
}

#[cfg(test)]
impl MemoryNotifier {
    /// One that takes nothing, because of `cause`.
    pub(crate) fn that_refuses(cause: &str) -> Self {
        Self {
            refuses: Some(Cause(cause.to_owned())),
            ..Self::default()
        }
    }

    /// The text of every notice by its key.
    pub(crate) fn taken(&self) -> std::collections::BTreeMap<String, String> {
        self.taken.lock().expect("not poisoned").clone()
    }
}

#[cfg(test)]
#[async_trait]
impl Notifier for MemoryNotifier {
    async fn deliver(&self, notice: &Notice) -> Result<(), Cause> {
        if let Some(cause) = &self.refuses {
            return Err(cause.clone());
        }
        let mut taken = self.taken.lock().expect("not poisoned");
        taken
            .entry(notice.key.clone())
            .or_insert_with(|| notice.text.clone());
        Ok(())
    }
}
