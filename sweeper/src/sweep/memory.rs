//! What a scope remembers of its last sweep: what was due then, so that the brakes see what is *newly* due.

use std::{collections::BTreeSet, convert::Infallible};

use ledger::{
    book::{Book, BookError, Decision, Reading, Record, Stored, update},
    clock::{Timestamp, whole_second},
    event::{Event, EventKind, Subject},
    id::EnvironmentId,
    identity::Identity,
    plan::{Item, Mode, SweepPlan},
    scope::Scope,
    stored::plan::digest,
};

/// Notes that `plan` was swept, of which `reviewed` was done. A braked sweep is noted as an event, and remembered as if it
/// had not been: what was newly due stays newly due until a person has looked. For the same reason a saved plan only makes
/// known what is in it.
///
/// # Errors
/// The ledger could not be read or written.
pub(super) async fn remember(
    book: &dyn Book,
    plan: &SweepPlan,
    reviewed: &SweepPlan,
    by: &Identity,
    counts: &[(&str, usize)],
) -> Result<(), BookError> {
    let decide = |stored: Option<Stored>, reading: &Reading| {
        let before = stored.and_then(memory);
        let at = whole_second(reading.now);
        let scope = match before {
            Some(scope) if plan.mode == Mode::Braked => scope,
            // A brake before the first sweep leaves nothing to remember, so the next is still the first.
            None if plan.mode == Mode::Braked => return Ok(Decision::Nothing(())),
            before => swept(plan, reviewed, before.as_ref(), at),
        };
        let mut event = Event::new(EventKind::Swept, reading.now, by.clone())
            .with("plan", digest(plan))
            .with("fleet", plan.fleet.to_string())
            .with("due", plan.due().count().to_string());
        for brake in &plan.brakes {
            event = event.with(&format!("brake-{}", brake.kind), &brake.because);
        }
        for (what, count) in counts {
            event = event.with(what, count.to_string());
        }
        Ok(Decision::Write {
            record: Record::Scope(scope),
            under: None,
            events: vec![event],
            answer: (),
        })
    };
    let subject = Subject::Scope(plan.scope.clone());
    let remembered: Result<Result<(), Infallible>, _> = update(book, &subject, decide).await;
    remembered.map(|Ok(())| ())
}

/// The memory in what is stored of a scope.
pub(super) fn memory(stored: Stored) -> Option<Scope> {
    match stored.record {
        Record::Scope(scope) => Some(scope),
        Record::Environment(_) | Record::Lease(_) | Record::Run(_) => None,
    }
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
