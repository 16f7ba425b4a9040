//! The ledger: the port to records, claims and events, the port to blobs, and behind both the engines.
//!
//! Every engine passes the suite in `contract`. An engine knows rows, revisions, claims and chains; it knows nothing
//! of lifetimes and takes no decision.

use std::fmt;

use async_trait::async_trait;
use chrono::TimeDelta;

use crate::{
    clock::Timestamp,
    event::{ChainedEvent, Event, Subject},
    fact::Cause,
    id::{EnvironmentName, Fence, Holder, Revision},
};

mod blobs;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod engine;
mod engines;
pub mod location;
pub mod memory;
mod rules;
pub mod sqlite;
mod update;

pub use crate::record::Record;
pub use blobs::Blobs;
pub use engine::Missing;
pub use engines::open;
pub use update::{Decision, Under, update};

/// A claim as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The token of this claim; later claims have higher ones.
    pub fence: Fence,
    /// Who has it.
    pub holder: Holder,
    /// When it ends by itself, by the store's clock.
    pub until: Timestamp,
}

/// A record as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// One more at each write.
    pub revision: Revision,
    /// The record.
    pub record: Record,
    /// The last claim, if it was not dropped; it may have run out.
    pub claim: Option<Claim>,
}

/// Which kind of record a query wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Environments.
    Environment,
    /// Leases.
    Lease,
    /// Scopes.
    Scope,
    /// Runs.
    Run,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Environment, Self::Lease, Self::Scope, Self::Run];

    /// The kind of `record`.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        match record {
            Record::Environment(_) => Self::Environment,
            Record::Lease(_) => Self::Lease,
            Record::Scope(_) => Self::Scope,
            Record::Run(_) => Self::Run,
        }
    }
}

/// Which records are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Of this kind.
    pub kind: Kind,
    /// Of this name only (environments).
    pub name: Option<EnvironmentName>,
    /// Only those that count among the living.
    pub live_only: bool,
}

/// The answer to a query. What could not be read is named, so that a listing never looks whole when it is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// What was read, ordered by subject.
    pub records: Vec<Stored>,
    /// What is there and could not be read.
    pub unreadable: Vec<(String, Cause)>,
}

/// Under which condition a write happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing is stored under the subject, nor under its name and generation.
    Create,
    /// The stored revision is this one. A record under another's live claim may still be written by its revision:
    /// the holder's next fenced write then fails as a conflict, and it reads and decides again.
    Revision(Revision),
    /// The claim with this token is the last one and has not run out, and the stored revision is this one: a holder
    /// never writes over what a person said meanwhile, such as a hold.
    Fence {
        /// The token of the claim.
        fence: Fence,
        /// The revision that was read.
        revision: Revision,
    },
}

/// One atomic write: a record, what becomes of its claim, and the events that tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// What is stored.
    pub record: Record,
    /// Under which condition.
    pub precondition: Precondition,
    /// Whether the claim ends with this write.
    pub drop_claim: bool,
    /// What is appended to the subject's chain, in order.
    pub events: Vec<Event>,
}

/// A request for a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRequest {
    /// What to claim.
    pub subject: Subject,
    /// Who wants it.
    pub holder: Holder,
    /// For how long, from the store's now.
    pub span: TimeDelta,
    /// `Some`: prolong this very claim, which must not have run out. `None`: a new claim with a higher token.
    pub renew: Option<Fence>,
}

/// What the store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The ledger's own id, given at its creation. Another id is another ledger, and its silence proves nothing.
    pub ledger: String,
    /// The store's clock, in milliseconds' precision. It never runs backwards within one ledger.
    pub now: Timestamp,
}

/// Makes a new record, with the events that tell of it, as of the reading it is given.
pub type Make = Box<dyn FnOnce(&Reading) -> (Record, Vec<Event>) + Send>;

/// Why the book did not do it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BookError {
    /// The condition of a write did not hold.
    #[error("{subject} was changed in the meantime; read it again and decide again")]
    Conflict {
        /// What was to be written.
        subject: String,
    },
    /// The subject, or its name and generation, is taken.
    #[error("{subject} already exists in the ledger")]
    Exists {
        /// What was to be created.
        subject: String,
    },
    /// The subject is not stored.
    #[error("{subject} is not in the ledger")]
    Missing {
        /// What was to be changed or claimed.
        subject: String,
    },
    /// Another holder has a claim that has not run out.
    #[error("{subject} is claimed by {holder} until {until}")]
    Claimed {
        /// What was to be claimed.
        subject: String,
        /// Who has it.
        holder: Holder,
        /// Until when.
        until: Timestamp,
    },
    /// The claim ran out, or a later one was given.
    #[error("the claim on {subject} with token {fence} is no longer valid; stop at once")]
    Fenced {
        /// What was claimed.
        subject: String,
        /// The powerless token.
        fence: Fence,
    },
    /// A stored record cannot be understood.
    #[error("{subject} cannot be understood: {cause}")]
    Corrupt {
        /// What was read.
        subject: String,
        /// Why not.
        cause: Cause,
    },
    /// The store could not be opened, read or written.
    #[error("cannot {doing} the ledger at {place}: {cause}")]
    Unreachable {
        /// What was being done: `open`, `read`, `write`.
        doing: &'static str,
        /// Where it is, without secrets.
        place: String,
        /// Why not.
        cause: Cause,
        /// What a person can do about that.
        remedy: &'static str,
    },
}

impl BookError {
    /// `subject` is stored and cannot be understood.
    pub(crate) fn corrupt(subject: impl fmt::Display, cause: impl Into<Cause>) -> Self {
        Self::Corrupt {
            subject: subject.to_string(),
            cause: cause.into(),
        }
    }

    /// What a person can do, where the message itself does not say it.
    #[must_use]
    pub fn remedy(&self) -> Option<&'static str> {
        match self {
            Self::Unreachable { remedy, .. } => Some(remedy),
            Self::Corrupt { .. } => Some(
                "if a newer version of this software wrote it, upgrade; else restore the ledger from a backup, and never \
                 edit it by hand",
            ),
            Self::Conflict { .. } => Some("others keep changing it; run the command again"),
            Self::Exists { .. }
            | Self::Missing { .. }
            | Self::Claimed { .. }
            | Self::Fenced { .. } => None,
        }
    }
}

/// A ledger, whatever its engine.
#[async_trait]
pub trait Ledger: Book + Blobs + fmt::Debug {
    /// Waits for what is under way and closes every connection. Nothing is lost without it.
    async fn close(&self);
}

/// The durable book of environments, leases, scopes and runs.
#[async_trait]
pub trait Book: Send + Sync {
    /// Which ledger this is, and what time it is there.
    async fn reading(&self) -> Result<Reading, BookError>;

    /// The record of `subject`. `Ok(None)` is authoritative: this ledger has no such record.
    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError>;

    /// Every record that fits `query`.
    async fn find(&self, query: &Query) -> Result<Listing, BookError>;

    /// One atomic, durable write; answers the new revision.
    async fn put(&self, write: Write) -> Result<Revision, BookError>;

    /// Writes a new record, under [`Precondition::Create`], that `make` makes of the reading of this very write; answers both.
    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError>;

    /// Claims, or prolongs a claim; answers the claim and the record as it stands under it.
    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError>;

    /// The events of `subject`, or of everything, ordered by subject and place.
    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError>;
}
