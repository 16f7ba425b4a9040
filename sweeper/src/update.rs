//! One change of one record by a person: read, decide, write if the record is unchanged, else again.
//!
//! The decision is a pure function of the record, the claim on it and the ledger's `now`; it is asked anew in each turn.

use chrono::TimeDelta;
use ledger::{
    book::{self, BookError, ClaimRequest, Decision, Reading, Stored, Under},
    clock::Timestamp,
    event::{Event, Subject},
};
use thiserror::Error;

use crate::{
    exit::ExitStatus,
    failure::Expected,
    lookup::{Found, Target},
    world::World,
};

/// How long the claim of a change lasts: one write and its retries. If this process dies in between, a sweeper waits no
/// longer than that.
const CLAIM: TimeDelta = TimeDelta::seconds(10);

pub use ledger::request::Change;

/// The outcome of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updated {
    /// The record as it is now.
    pub found: Found,
    /// As it was before.
    pub before: Target,
    /// Whether anything was written.
    pub changed: bool,
    /// What the ledger says of itself.
    pub reading: Reading,
}

/// Why a record stays as it is: what was asked for, what was found, what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found}")]
pub struct Refusal {
    /// What was found.
    pub found: String,
    /// What a person can do.
    pub hint: String,
}

impl Refusal {
    /// A refusal because of `found`, with the next step.
    #[must_use]
    pub fn new(found: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            found: found.into(),
            hint: hint.into(),
        }
    }
}

impl Expected for Refusal {
    fn status(&self) -> ExitStatus {
        ExitStatus::Failed
    }

    fn hint(&self) -> Option<String> {
        Some(self.hint.clone())
    }
}

/// Why there was no change.
#[derive(Debug, Error)]
pub enum UpdateError {
    /// The decision refused it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The ledger did not do it.
    #[error("cannot change {subject}")]
    Book {
        /// Which record.
        subject: Subject,
        /// Why not.
        source: BookError,
    },
}

impl Expected for UpdateError {
    fn status(&self) -> ExitStatus {
        match self {
            Self::Refused(refusal) => refusal.status(),
            Self::Book { source, .. } => source.status(),
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Refused(refusal) => refusal.hint(),
            Self::Book {
                source: BookError::Claimed { .. },
                ..
            } => Some(
                "a sweeper is at work on it; wait until it is done, or until its claim runs out, and look again with \
                 `sweeper show`"
                    .to_owned(),
            ),
            Self::Book { source, .. } => source.hint(),
        }
    }
}

/// Changes the record of `subject` as `decide` says; `Ok(None)` from it leaves the record as it is.
///
/// # Errors
/// What `decide` refused, or why the ledger did not do it.
pub async fn update(
    world: &World,
    subject: &Subject,
    decide: impl Fn(&Target, Timestamp) -> Result<Option<Change>, Refusal>,
) -> Result<Updated, UpdateError> {
    write(world, subject, decide, None).await
}

/// The same under a claim of its own, so that no sweeper is at work on the record, nor begins to.
///
/// # Errors
/// What `decide` refused, that a sweeper has a claim, or why the ledger did not do it.
pub async fn update_alone(
    world: &World,
    subject: &Subject,
    decide: impl Fn(&Target, Timestamp) -> Result<Option<Change>, Refusal>,
) -> Result<Updated, UpdateError> {
    let failed = |source| UpdateError::Book {
        subject: subject.clone(),
        source,
    };
    // Asked before anything is claimed: a claim that was of no use would stand in others' way until it runs out.
    let (found, reading) = read(world, subject).await.map_err(failed)?;
    if decide(&found.target, reading.now)?.is_none() {
        return Ok(unchanged(found, reading));
    }
    let request = ClaimRequest {
        subject: subject.clone(),
        holder: world.holder.clone(),
        span: CLAIM,
        renew: None,
    };
    let (claim, _) = world.book.claim(&request).await.map_err(failed)?;
    let under = Under {
        fence: claim.fence,
        ends: true,
    };
    write(world, subject, decide, Some(under)).await
}

async fn write(
    world: &World,
    subject: &Subject,
    decide: impl Fn(&Target, Timestamp) -> Result<Option<Change>, Refusal>,
    under: Option<Under>,
) -> Result<Updated, UpdateError> {
    let failed = |source| UpdateError::Book {
        subject: subject.clone(),
        source,
    };
    let decide = |stored: Option<Stored>, reading: &Reading| -> Result<_, UpdateError> {
        let found = found(stored, subject).map_err(failed)?;
        let Some(change) = decide(&found.target, reading.now)? else {
            return Ok(Decision::Nothing((found, Some(reading.clone()))));
        };
        let event = Event::new(change.kind, reading.now, world.identity.clone());
        let event = change
            .detail
            .into_iter()
            .fold(event, |event, (key, value)| event.with(key, value));
        Ok(Decision::Write {
            record: change.record,
            under,
            events: vec![event],
            answer: (found, None),
        })
    };
    let updated = book::update(world.book.as_ref(), subject, decide).await;
    let (before, reading_if_unchanged) = updated.map_err(failed)??;
    if let Some(reading) = reading_if_unchanged {
        return Ok(unchanged(before, reading));
    }
    let (after, reading) = read(world, subject).await.map_err(failed)?;
    Ok(Updated {
        found: after,
        before: before.target,
        changed: true,
        reading,
    })
}

fn unchanged(found: Found, reading: Reading) -> Updated {
    Updated {
        before: found.target.clone(),
        found,
        changed: false,
        reading,
    }
}

/// The record of `subject` as it is now, and what the ledger says of itself.
async fn read(world: &World, subject: &Subject) -> Result<(Found, Reading), BookError> {
    let stored = world.book.get(subject).await?;
    let reading = world.reading().await?;
    Ok((found(stored, subject)?, reading))
}

fn found(stored: Option<Stored>, subject: &Subject) -> Result<Found, BookError> {
    stored
        .and_then(|stored| Found::of(stored, 0))
        .ok_or_else(|| BookError::Missing {
            subject: subject.to_string(),
        })
}
