//! What a scope remembers of its last sweep: what was due then, so that the brakes see what is *newly* due.

use ledger::{
    book::{Book, BookError, Guard, Record, Write},
    clock::whole_second,
    event::{Event, EventKind},
    identity::Identity,
    plan::{Mode, SweepPlan},
    scope::Scope,
};

use super::plan::memory;

/// How often a write that met another sweeper looks again.
const ATTEMPTS: usize = 8;

/// Notes that `plan` was swept. A braked sweep is noted as an event, and remembered as if it had not been: what was newly
/// due stays newly due until a person has looked.
///
/// # Errors
/// The ledger could not be read or written.
pub async fn remember(
    book: &dyn Book,
    plan: &SweepPlan,
    by: &Identity,
    counts: &[(&str, usize)],
) -> Result<(), BookError> {
    for _ in 0..ATTEMPTS {
        let reading = book.reading().await?;
        let before = memory(book, &plan.scope).await?;
        let at = whole_second(reading.now);
        let braked = plan.mode == Mode::Braked;
        let (scope, guard) = match before {
            Some((scope, revision)) if braked => (scope, Guard::Revision(revision)),
            // A brake before the first sweep leaves nothing to remember, so the next is still the first.
            None if braked => return Ok(()),
            Some((scope, revision)) => (
                swept(plan, scope.first_swept_at, at),
                Guard::Revision(revision),
            ),
            None => (swept(plan, at, at), Guard::Create),
        };
        let mut event = Event::new(EventKind::Swept, reading.now, by.clone())
            .with("plan", &plan.digest)
            .with("fleet", plan.fleet.to_string())
            .with("due", plan.due().count().to_string());
        for brake in &plan.brakes {
            event = event.with(&format!("brake-{}", brake.kind), &brake.because);
        }
        for (what, count) in counts {
            event = event.with(what, count.to_string());
        }
        let write = Write {
            record: Record::Scope(scope),
            guard,
            drop_claim: false,
            events: vec![event],
        };
        match book.put(write).await {
            Ok(_) => return Ok(()),
            Err(BookError::Conflict { .. } | BookError::Exists { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(BookError::Conflict {
        subject: format!("scope:{}", plan.scope),
    })
}

fn swept(plan: &SweepPlan, first: ledger::clock::Timestamp, at: ledger::clock::Timestamp) -> Scope {
    Scope {
        name: plan.scope.clone(),
        first_swept_at: first,
        last_swept_at: at,
        last_due: plan.due().map(|item| item.id.clone()).collect(),
        last_fleet: plan.fleet,
    }
}
