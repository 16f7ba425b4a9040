//! One change of a run's record: read, decide, write by the revision that was read; a write that lost a race looks again.

use ledger::{
    book::{Book, BookError, Guard, Record, Stored, Write},
    clock::{Timestamp, whole_second},
    event::{EventKind, Subject},
    id::RunId,
    run::Run,
};

use crate::context::{Context, Missing};

/// How often a write that lost a race against another writer looks again.
const ATTEMPTS: usize = 4;

/// Writes what `decide` makes of the record of `id` at a whole second of the ledger's clock, with the event it names.
/// Answers the record as it was before; `None` if the ledger has none.
///
/// # Errors
/// The ledger could not answer.
pub(super) async fn change(
    context: &Context,
    id: &RunId,
    decide: impl Fn(&Run, Timestamp) -> Option<(Run, Option<EventKind>)>,
) -> Result<Option<Run>, BookError> {
    let book = context.book(Missing::Refuse).await?;
    let subject = Subject::Run(id.clone());
    for _ in 0..ATTEMPTS {
        let Some(Stored {
            revision,
            record: Record::Run(before),
            ..
        }) = book.get(&subject).await?
        else {
            return Ok(None);
        };
        let now = book.reading().await?.now;
        let Some((run, kind)) = decide(&before, whole_second(now)) else {
            return Ok(Some(before));
        };
        let written = book
            .put(Write {
                record: Record::Run(run),
                guard: Guard::Revision(revision),
                drop_claim: false,
                events: kind
                    .map(|kind| context.event(kind, now))
                    .into_iter()
                    .collect(),
            })
            .await;
        match written {
            Ok(_) => return Ok(Some(before)),
            Err(BookError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(BookError::Conflict {
        subject: subject.to_string(),
    })
}
