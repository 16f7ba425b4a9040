//! Facts: what was looked at, what was seen, when, and whether the look was whole.
//!
//! Three answers, never two. `Unreadable` is not `Absent`: it never destroys, never counts as orphaned, and never
//! drops a resource from Terraform state.

use crate::{
    clock::Timestamp,
    id::{EnvironmentId, Generation},
    inventory::Inventory,
};

/// Why something could not be read, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cause(pub String);

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// The three answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed<T> {
    /// It was seen.
    Known(T),
    /// An authority said that it is not there.
    Absent,
    /// It cannot be told.
    Unreadable(Cause),
}

/// One observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    /// What was seen.
    pub answer: Observed<T>,
    /// Who was asked.
    pub source: String,
    /// When.
    pub at: Timestamp,
    /// Whether the listing it came from was complete.
    pub complete: bool,
}

impl<T> Fact<T> {
    /// What one look answered: whole, unless it cannot be told.
    #[must_use]
    pub fn of(answer: Observed<T>, source: impl Into<String>, at: Timestamp) -> Self {
        Self {
            complete: !matches!(answer, Observed::Unreadable(_)),
            answer,
            source: source.into(),
            at,
        }
    }

    /// Seen.
    #[must_use]
    pub fn known(value: T, source: impl Into<String>, at: Timestamp) -> Self {
        Self::of(Observed::Known(value), source, at)
    }

    /// Authoritatively not there.
    #[must_use]
    pub fn absent(source: impl Into<String>, at: Timestamp) -> Self {
        Self::of(Observed::Absent, source, at)
    }

    /// Could not be read.
    #[must_use]
    pub fn unreadable(cause: impl Into<String>, source: impl Into<String>, at: Timestamp) -> Self {
        Self::of(Observed::Unreadable(Cause(cause.into())), source, at)
    }

    /// The value, if it was seen in a complete listing.
    #[must_use]
    pub fn seen(&self) -> Option<&T> {
        match &self.answer {
            Observed::Known(value) if self.complete => Some(value),
            _ => None,
        }
    }
}

/// Our resource inside a state.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Marker {
    /// The id it carries.
    pub id: EnvironmentId,
    /// The generation it carries.
    pub generation: Generation,
}

/// The lock of a state is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockFact {
    /// `user@host`, as the lock says.
    pub who: String,
    /// What they do, as the lock says.
    pub operation: String,
    /// Since when, as the lock says; `None` if it does not say.
    pub since: Option<Timestamp>,
}

/// What a native read of a state shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateFact {
    /// The state's lineage.
    pub lineage: String,
    /// The state's serial.
    pub serial: u64,
    /// Managed instances, deposed objects counted.
    pub instances: u64,
    /// Which they are.
    pub objects: Inventory,
    /// Every marker in it.
    pub markers: Vec<Marker>,
    /// The lock, if it is held.
    pub lock: Option<LockFact>,
}

/// What the forge says of a change request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestFact {
    /// It is open.
    Open,
    /// It was closed or merged.
    Closed {
        /// When, as the forge says.
        at: Timestamp,
        /// Whether it was merged.
        merged: bool,
    },
}

/// A run of Terraform that holds a run lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFact {
    /// Which run.
    pub run: String,
    /// Its last sign of life.
    pub renewed_at: Timestamp,
    /// Until when that counts.
    pub alive_until: Timestamp,
}

/// All facts about one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its state.
    pub state: Fact<StateFact>,
    /// What was in its state when the teardown began to apply that is not at its end; `Absent` if none did.
    pub begun_with: Fact<Inventory>,
    /// Its change request; `Absent` if it has none.
    pub change_request: Fact<RequestFact>,
    /// A live run; `Absent` if the ledger knows of none.
    pub run: Fact<RunFact>,
    /// The last use; `Absent` if nothing measures it.
    pub activity: Fact<Timestamp>,
}
