//! What can be done to an environment: the decided thing, the same in the plan, in its saved form, in execution and in
//! evidence. The noun only; whether it is done, others decide.

use std::fmt;

use crate::{
    clock::Timestamp,
    id::{EnvironmentId, Generation},
    judge::Verdict,
};

/// What a destroy is pinned to. Whatever of it differs later is drift, and drift is skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The state's address, in words.
    pub address: String,
    /// The state's lineage.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// Managed instances in it.
    pub instances: u64,
    /// The record's expiry.
    pub expires_at: Timestamp,
}

/// Which kind of thing can be done to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionKind {
    /// Everything in its state is destroyed.
    Destroy,
}

impl ActionKind {
    /// The word used in plans and reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Destroy => "destroy",
        }
    }

    /// The id of such an action on one generation: the same at every pass, so that what is repeated is the same operation.
    #[must_use]
    pub fn operation(self, id: &EnvironmentId, generation: Generation) -> String {
        format!("{self}-{id}-{generation}")
    }
}

impl fmt::Display for ActionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is done to an environment, and what that is pinned to: the same from the plan to the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Everything in its state is destroyed.
    Destroy(Pin),
}

impl Action {
    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::Destroy(_) => ActionKind::Destroy,
        }
    }

    /// What it is pinned to.
    #[must_use]
    pub fn pin(&self) -> &Pin {
        match self {
            Self::Destroy(pin) => pin,
        }
    }

    /// The verdict it follows from, and without which it must not happen.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Destroy(_) => Verdict::Destroy,
        }
    }
}
