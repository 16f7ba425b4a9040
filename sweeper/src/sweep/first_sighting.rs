//! The first sighting of a marker: a sweep that acts or reports notes that it saw an environment in its state, and the
//! state's lineage, which must be the same for ever after.

use ledger::{
    book::{Book, BookError, Precondition, Record, Write},
    clock::whole_second,
    environment::Environment,
    event::{Event, EventKind},
    id::Revision,
    identity::Identity,
    judge::owns,
    plan::Candidate,
};

/// An environment that no sweep had seen in its state before.
#[derive(Debug, Clone)]
pub(super) struct FirstSighting {
    environment: Environment,
    revision: Revision,
    lineage: String,
}

impl FirstSighting {
    /// What `candidate` shows for the first time, if it does: the marker, in a state that was read whole.
    #[must_use]
    pub(super) fn of(candidate: &Candidate) -> Option<Self> {
        let environment = &candidate.environment;
        if environment.marker_seen_at.is_some() && environment.lineage.is_some() {
            return None;
        }
        let state = candidate.facts.state.seen()?;
        owns(environment, state, &candidate.facts.begun_with).ok()?;
        Some(Self {
            environment: environment.clone(),
            revision: candidate.revision,
            lineage: state.lineage.clone(),
        })
    }
}

/// Notes every sighting. What was changed in the meantime is left to the next sweep.
///
/// # Errors
/// The ledger could not be read or written.
pub(super) async fn note(
    book: &dyn Book,
    sightings: Vec<FirstSighting>,
    by: &Identity,
) -> Result<(), BookError> {
    for sighting in sightings {
        let now = book.reading().await?.now;
        let mut environment = sighting.environment;
        environment.marker_seen_at.get_or_insert(whole_second(now));
        environment
            .lineage
            .get_or_insert_with(|| sighting.lineage.clone());
        let written = book
            .put(Write {
                record: Record::Environment(environment),
                precondition: Precondition::Revision(sighting.revision),
                drop_claim: false,
                events: vec![
                    Event::new(EventKind::Seen, now, by.clone()).with("lineage", sighting.lineage),
                ],
            })
            .await;
        match written {
            Ok(_) | Err(BookError::Conflict { .. } | BookError::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
