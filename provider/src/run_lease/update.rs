//! One change of a run's record. Nothing is refused: what a decision leaves as it is shows in the record before it.

use std::convert::Infallible;

use ledger::{
    book::{BookError, Record, Stored},
    clock::{Timestamp, whole_second},
    event::{EventKind, Subject},
    id::RunId,
    run::Run,
};

use crate::{
    context::Context,
    update::{Decision, Outcome, update_record},
};

/// Writes what `decide` makes of the record of `id` at a whole second of the ledger's clock, with the event it names.
/// Answers the record as it was before; `None` if the ledger has none.
///
/// # Errors
/// The ledger could not answer.
pub(super) async fn update(
    context: &Context,
    id: &RunId,
    decide: impl Fn(&Run, Timestamp) -> Option<(Run, Option<EventKind>)>,
) -> Result<Option<Run>, BookError> {
    let decide = |stored: Stored, now| {
        let Record::Run(before) = stored.record else {
            return Ok(Decision::Nothing(None));
        };
        let Some((run, kind)) = decide(&before, whole_second(now)) else {
            return Ok(Decision::Nothing(Some(before)));
        };
        let event = kind.map(|kind| context.event(kind, now));
        Ok(Decision::Write {
            record: Record::Run(run),
            under: None,
            events: event.into_iter().collect(),
            answer: Some(before),
        })
    };
    let subject = Subject::Run(id.clone());
    let changed: Outcome<_, Infallible> =
        update_record(context, &subject, |_| Ok(None), decide).await;
    changed.map(|Ok(before)| before)
}
