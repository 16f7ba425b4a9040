//! Events: what happened, to whom, by whom. Append-only; [`crate::chain`] links them.
//!
//! An event's detail is flat text, sorted by key, so that its canonical form is one and only one.

use std::{collections::BTreeMap, fmt};

use crate::{
    clock::Timestamp,
    id::{EnvironmentId, LeaseId, RunId, ScopeName},
    identity::Identity,
};

/// What a record or an event is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// An environment.
    Environment(EnvironmentId),
    /// A lease.
    Lease(LeaseId),
    /// A run of Terraform.
    Run(RunId),
    /// A scope of sweeps.
    Scope(ScopeName),
}

impl Subject {
    /// Reads what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix("scope:") {
            return ScopeName::parse(name).ok().map(Self::Scope);
        }
        if text.starts_with("env-") {
            return EnvironmentId::parse(text).ok().map(Self::Environment);
        }
        if text.starts_with("lease-") {
            return LeaseId::parse(text).ok().map(Self::Lease);
        }
        if text.starts_with("run-") {
            return RunId::parse(text).ok().map(Self::Run);
        }
        None
    }
}

/// `env-…`, `lease-…`, `run-…` or `scope:…`: the key in every store.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(id) => id.fmt(f),
            Self::Lease(id) => id.fmt(f),
            Self::Run(id) => id.fmt(f),
            Self::Scope(name) => write!(f, "scope:{name}"),
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $word:literal,)*) => {
        /// What kind of thing happened.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind {
            $($(#[$doc])* $kind,)*
            /// A kind that only a newer version knows, by its word.
            Other(String),
        }

        impl EventKind {
            /// Every kind that is known.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The word used in records and tables.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$kind => $word,)*
                    Self::Other(word) => word,
                }
            }
        }
    };
}

kinds! {
    /// A record was created.
    Created = "created",
    /// Declared attributes changed.
    Updated = "updated",
    /// The clock of the lifetime was set back to full.
    Renewed = "renewed",
    /// An extension was granted outside Terraform.
    Extended = "extended",
    /// A person put a hold on it.
    Held = "held",
    /// The hold was lifted.
    Unheld = "unheld",
    /// It was given back.
    Released = "released",
    /// A sweep saw the marker, and noted the lineage.
    Seen = "seen",
    /// A sweep decided something other than to keep it.
    Decided = "decided",
    /// A sweeper claimed it.
    Claimed = "claimed",
    /// A step of a teardown began.
    Step = "step",
    /// The marker's Delete was called inside a teardown.
    MarkerDeleted = "marker-deleted",
    /// A state that a teardown could not save was pushed back to where it belongs.
    StatePushed = "state-pushed",
    /// A teardown was given up for this pass without doing anything.
    Skipped = "skipped",
    /// A teardown failed for this pass.
    Failed = "failed",
    /// It is gone, with proof.
    Destroyed = "destroyed",
    /// A scope was swept.
    Swept = "swept",
    /// A run of Terraform began.
    Opened = "opened",
    /// A run was interrupted; its token opens nothing any more.
    Interrupted = "interrupted",
    /// Terraform closed a run's lease.
    Closed = "closed",
    /// A run missed its renewal for its whole ttl.
    Died = "died",
    /// A later run of the same place tells more.
    Superseded = "superseded",
}

impl EventKind {
    /// Reads what [`Self::as_str`] writes. What happened is told in any case, so an unknown word is kept as it is.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let known = Self::ALL.iter().find(|kind| kind.as_str() == word);
        known.map_or_else(|| Self::Other(word.to_owned()), Clone::clone)
    }
}

/// An event before the book gives it a place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// When, by the store's clock as the writer knew it.
    pub at: Timestamp,
    /// Who did it.
    pub by: Identity,
    /// The operation it belongs to; a repeated operation has the same.
    pub operation: Option<String>,
    /// Details, never a secret.
    pub detail: BTreeMap<String, String>,
}

impl Event {
    /// An event without details.
    #[must_use]
    pub fn new(kind: EventKind, at: Timestamp, by: Identity) -> Self {
        Self {
            kind,
            at,
            by,
            operation: None,
            detail: BTreeMap::new(),
        }
    }

    /// The same with one more detail.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }

    /// The same as part of `operation`.
    #[must_use]
    pub fn in_operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }
}

/// An event in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainedEvent {
    /// What it is about.
    pub subject: Subject,
    /// Its place among the subject's events, from 1.
    pub seq: u64,
    /// The event, as far as it is understood.
    pub event: Event,
    /// All of it as it was written, which is what its hash covers.
    pub canonical: String,
    /// The hash of the one before; 64 zeros for the first.
    pub prev_hash: String,
    /// The SHA-256 over `prev_hash` and `canonical`, in hexadecimal.
    pub hash: String,
}
