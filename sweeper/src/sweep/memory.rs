//! What a scope remembers of its last sweep: what was due then, so that the brakes see what is *newly* due.

use std::collections::BTreeSet;

use ledger::{
    book::{Book, BookError, Precondition, Record, Write},
    clock::{Timestamp, whole_second},
    event::{Event, EventKind},
    id::EnvironmentId,
    identity::Identity,
    plan::{Item, Mode, SweepPlan},
    scope::Scope,
};

use super::plan::memory;

/// How often a write that met another sweeper looks again.
const ATTEMPTS: usize = 8;

/// Notes that `plan` was swept, of which `reviewed` was done. A braked sweep is noted as an event, and remembered as if it
/// had not been: what was newly due stays newly due until a person has looked. For the same reason a saved plan only makes
/// known what is in it.
///
/// # Errors
/// The ledger could not be read or written.
pub async fn remember(
    book: &dyn Book,
    plan: &SweepPlan,
    reviewed: &SweepPlan,
    by: &Identity,
    counts: &[(&str, usize)],
) -> Result<(), BookError> {
    for _ in 0..ATTEMPTS {
        let reading = book.reading().await?;
        let before = memory(book, &plan.scope).await?;
        let at = whole_second(reading.now);
        let braked = plan.mode == Mode::Braked;
        let (scope, precondition) = match before {
            Some((scope, revision)) if braked => (scope, Precondition::Revision(revision)),
            // A brake before the first sweep leaves nothing to remember, so the next is still the first.
            None if braked => return Ok(()),
            Some((scope, revision)) => (
                swept(plan, reviewed, Some(&scope), at),
                Precondition::Revision(revision),
            ),
            None => (swept(plan, reviewed, None, at), Precondition::Create),
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
            precondition,
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

fn swept(plan: &SweepPlan, reviewed: &SweepPlan, before: Option<&Scope>, at: Timestamp) -> Scope {
    let looked_at: BTreeSet<&EnvironmentId> = reviewed.due().map(|item| &item.id).collect();
    let known = |item: &&Item| {
        looked_at.contains(&item.id)
            || before.is_some_and(|scope| scope.last_due.contains(&item.id))
    };
    // What a teardown was begun on was let through once. That it waits for its next try does not make it new: else an
    // outage that fails many at once would stop every sweep after it.
    let due = plan.due().filter(known);
    let waiting = plan.items.iter().filter(|item| item.is_again());
    Scope {
        name: plan.scope.clone(),
        first_swept_at: before.map_or(at, |scope| scope.first_swept_at),
        last_swept_at: at,
        last_due: due.chain(waiting).map(|item| item.id.clone()).collect(),
        last_fleet: plan.fleet,
    }
}

#[cfg(test)]
mod tests;
