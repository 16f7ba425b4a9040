//! One change of one record of the ledger: read, decide, write by the revision that was read; a write that lost a race
//! looks and decides again.
//!
//! What is decided is the caller's, and pure: this knows no kind of record and no reason.

use ledger::{
    book::{Book, BookError, Precondition, Reading, Record, Stored, Write},
    clock::Timestamp,
    event::{Event, Subject},
    id::Fence,
};
use tf_provider::{Diagnostic, Diagnostics};

use crate::{
    context::{Context, Missing},
    diag,
};

/// How often a write that lost a race against another writer looks again.
const ATTEMPTS: usize = 16;

/// What was done, or why it was refused, or that the ledger could not do it.
pub(crate) type Outcome<T, R = Diagnostic> = Result<Result<T, R>, BookError>;

/// What is to be done about a record as it stands.
#[expect(
    clippy::large_enum_variant,
    reason = "a write is the common case, and decisions live one at a time"
)]
pub(crate) enum Decision<T> {
    /// It is written anew.
    Write {
        /// As it should be.
        record: Record,
        /// The claim under which that is written, if under one.
        fence: Option<Fence>,
        /// What tells of it.
        events: Vec<Event>,
        /// What is answered then.
        answer: T,
    },
    /// Nothing is written, and this is answered.
    Nothing(T),
}

/// Does with the record of `subject` what `decide` says at the ledger's time; where there is none, answers what `missing`
/// makes of the silence of the ledger that was read.
///
/// # Errors
/// The ledger could not answer, or others wrote the record first, again and again.
pub(crate) async fn change_record<T, R>(
    context: &Context,
    subject: &Subject,
    missing: impl Fn(&Reading) -> Result<T, R>,
    decide: impl Fn(Stored, Timestamp) -> Result<Decision<T>, R>,
) -> Outcome<T, R> {
    let book = context.book(Missing::Refuse).await?;
    for _ in 0..ATTEMPTS {
        let (stored, reading) = context.look(subject).await?;
        let Some(stored) = stored else {
            return Ok(missing(&reading));
        };
        let revision = stored.revision;
        match decide(stored, reading.now) {
            Err(refusal) => return Ok(Err(refusal)),
            Ok(Decision::Nothing(answer)) => return Ok(Ok(answer)),
            Ok(Decision::Write {
                record,
                fence,
                events,
                answer,
            }) => {
                let under = |fence| Precondition::Fence { fence, revision };
                let write = Write {
                    record,
                    precondition: fence.map_or(Precondition::Revision(revision), under),
                    drop_claim: false,
                    events,
                };
                match book.put(write).await {
                    Ok(_) => return Ok(Ok(answer)),
                    Err(BookError::Conflict { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }
    Err(BookError::Conflict {
        subject: subject.to_string(),
    })
}

/// What came of it; `None` if nothing did, which is reported. `doing` says what was tried.
pub(crate) fn settle<T>(outcome: Outcome<T>, doing: &str, diags: &mut Diagnostics) -> Option<T> {
    match outcome {
        Ok(Ok(answer)) => return Some(answer),
        Ok(Err(refusal)) => diags.add_error(refusal),
        Err(error) => diags.add_error(diag::ledger(doing, &error)),
    }
    None
}
