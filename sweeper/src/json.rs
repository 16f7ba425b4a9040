//! What `--json` prints: types of their own, apart from those the code thinks in and from those the ledger stores.
//!
//! The shapes are stable within a version: fields are added, never renamed, retyped or removed. Every field is always
//! there, an absence as `null`. Instants are RFC 3339 in UTC, durations are written as they were declared. Never a
//! secret.

use ledger::{
    book::{Claim, Reading},
    clock::{Timestamp, rfc3339},
    event::ChainedEvent,
    fact::Cause,
    identity::Identity,
};
use serde::Serialize;

use crate::config::Config;

pub mod decision;
pub mod document;
pub mod environment;
pub mod kept;
pub mod lease;
pub mod lifecycle;
pub mod run;
pub mod sweep;

/// The version of every document.
pub const VERSION: u32 = 1;

/// The answer of a command that read a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document<T> {
    /// The version of this shape.
    pub version: u32,
    /// Which ledger.
    pub ledger: LedgerJson,
    /// The command's own members.
    #[serde(flatten)]
    pub body: T,
}

/// Which ledger was read, and when by its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LedgerJson {
    /// Its own id.
    pub id: String,
    /// Where it is.
    pub location: String,
    /// What time it was there.
    pub now: String,
}

impl LedgerJson {
    /// From what the ledger says of itself.
    #[must_use]
    pub fn of(config: &Config, reading: &Reading) -> Self {
        Self {
            id: reading.ledger.clone(),
            location: config.ledger.to_string(),
            now: instant(reading.now),
        }
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityJson {
    /// Who names them.
    pub issuer: String,
    /// Whom they name.
    pub subject: String,
    /// `claimed` or `verified`.
    pub standing: &'static str,
}

impl From<&Identity> for IdentityJson {
    fn from(identity: &Identity) -> Self {
        Self {
            issuer: identity.issuer.clone(),
            subject: identity.subject.clone(),
            standing: identity.standing.as_str(),
        }
    }
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimJson {
    /// Its token.
    pub fence: u64,
    /// Who has it.
    pub holder: String,
    /// Until when.
    pub until: String,
    /// Whether it has not run out.
    pub live: bool,
}

impl ClaimJson {
    /// The claim as it stands at `now`.
    #[must_use]
    pub fn of(claim: &Claim, now: Timestamp) -> Self {
        Self {
            fence: claim.fence.0,
            holder: claim.holder.to_string(),
            until: instant(claim.until),
            live: now < claim.until,
        }
    }
}

/// A record that is there and could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableJson {
    /// Its key in the ledger.
    pub subject: String,
    /// Why not.
    pub cause: String,
}

impl From<&(String, Cause)> for UnreadableJson {
    fn from((subject, cause): &(String, Cause)) -> Self {
        Self {
            subject: subject.clone(),
            cause: cause.to_string(),
        }
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventJson {
    /// Its place in the chain, from 1.
    pub seq: u64,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who did it.
    pub by: IdentityJson,
    /// The operation it belongs to.
    pub operation: Option<String>,
    /// Details.
    pub detail: std::collections::BTreeMap<String, String>,
    /// Its hash.
    pub hash: String,
}

impl From<&ChainedEvent> for EventJson {
    fn from(chained: &ChainedEvent) -> Self {
        let event = &chained.event;
        Self {
            seq: chained.seq,
            kind: event.kind.as_str().to_owned(),
            at: instant(event.at),
            by: (&event.by).into(),
            operation: event.operation.clone(),
            detail: event.detail.clone(),
            hash: chained.hash.clone(),
        }
    }
}

/// An instant as every document writes it.
#[must_use]
pub fn instant(at: Timestamp) -> String {
    rfc3339(at)
}
