//! The one optimistic loop: read a record, decide, write if the record did not change meanwhile, else read and decide again.
//!
//! What is decided is the caller's, and pure: this knows no kind of record and no reason.

use super::{Book, BookError, Precondition, Reading, Record, Stored, Write};
use crate::{
    event::{Event, Subject},
    id::Fence,
};

/// How often a write that lost a race against another writer is decided anew.
const ATTEMPTS: usize = 16;

/// What is to be done about a record as it stands.
#[expect(
    clippy::large_enum_variant,
    reason = "a write is the common case, and decisions live one at a time"
)]
#[derive(Debug)]
pub enum Decision<T> {
    /// It is written anew, or created where there is none.
    Write {
        /// As it should be.
        record: Record,
        /// The claim under which that is written, if under one.
        under: Option<Under>,
        /// What tells of it.
        events: Vec<Event>,
        /// What is answered then.
        answer: T,
    },
    /// Nothing is written, and this is answered.
    Nothing(T),
}

/// A claim to write under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Under {
    /// Its token.
    pub fence: Fence,
    /// Whether it ends with the write.
    pub ends: bool,
}

/// Does with the record of `subject` what `decide` says of it, at the ledger's time. `None` is authoritative: the ledger
/// that was read has no such record.
///
/// # Errors
/// The ledger could not answer, or others wrote the record first, again and again. A refusal by `decide` is no error of
/// the ledger: it is answered inside.
pub async fn update<T, R>(
    book: &dyn Book,
    subject: &Subject,
    decide: impl Fn(Option<Stored>, &Reading) -> Result<Decision<T>, R>,
) -> Result<Result<T, R>, BookError> {
    for _ in 0..ATTEMPTS {
        let stored = book.get(subject).await?;
        let reading = book.reading().await?;
        let revision = stored.as_ref().map(|stored| stored.revision);
        let (record, under, events, answer) = match decide(stored, &reading) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Decision::Nothing(answer)) => return Ok(Ok(answer)),
            Ok(Decision::Write {
                record,
                under,
                events,
                answer,
            }) => (record, under, events, answer),
        };
        let precondition = match (revision, under) {
            (None, _) => Precondition::Create,
            (Some(revision), None) => Precondition::Revision(revision),
            (Some(revision), Some(Under { fence, .. })) => Precondition::Fence { fence, revision },
        };
        let write = Write {
            record,
            precondition,
            drop_claim: under.is_some_and(|under| under.ends),
            events,
        };
        match book.put(write).await {
            Ok(_) => return Ok(Ok(answer)),
            Err(BookError::Conflict { .. }) => {}
            // Created by another since it was read.
            Err(BookError::Exists { .. }) if revision.is_none() => {}
            Err(error) => return Err(error),
        }
    }
    Err(BookError::Conflict {
        subject: subject.to_string(),
    })
}
