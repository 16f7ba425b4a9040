//! The runs, put in order by a sweep that acts: a death is noted, which makes it final, and what tells nothing more is set
//! aside, so that no sweep looks at every run there ever was.
//!
//! Every note is conditional on the record that was read: a renewal that comes first wins.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{
    book::{Book, BookError, Kind, Precondition, Query, Record, Write},
    clock::rfc3339,
    event::{Event, EventKind},
    id::{Revision, RunId},
    identity::Identity,
    liveness::Runs,
    run::Run,
};

/// Notes what the runs of `book` show now.
///
/// # Errors
/// The ledger could not be read or written.
pub(super) async fn note(book: &dyn Book, by: &Identity) -> Result<(), BookError> {
    let now = book.reading().await?.now;
    let (runs, revisions) = with_revisions(book).await?;
    for run in runs.deaths(now) {
        let event = Event::new(EventKind::Died, now, by.clone())
            .with("since", rfc3339(run.alive_until()))
            .with("last-sign", rfc3339(run.renewed_at));
        put(book, run, &revisions, event).await?;
    }
    // Looked at again: a death that was just noted may set another run aside.
    let (runs, revisions) = with_revisions(book).await?;
    let over: BTreeSet<RunId> = runs.superseded().into_iter().cloned().collect();
    for run in runs.runs {
        if over.contains(&run.id) {
            let set_aside = Run {
                superseded: true,
                ..run
            };
            let event = Event::new(EventKind::Superseded, now, by.clone());
            put(book, set_aside, &revisions, event).await?;
        }
    }
    Ok(())
}

/// The runs that may still tell something, with the revision of each.
async fn with_revisions(book: &dyn Book) -> Result<(Runs, BTreeMap<RunId, Revision>), BookError> {
    let listing = book
        .find(&Query {
            kind: Kind::Run,
            name: None,
            live_only: true,
        })
        .await?;
    let mut runs = Runs {
        runs: Vec::new(),
        unreadable: listing.unreadable,
    };
    let mut revisions = BTreeMap::new();
    for stored in listing.records {
        if let Record::Run(run) = stored.record {
            revisions.insert(run.id.clone(), stored.revision);
            runs.runs.push(run);
        }
    }
    Ok((runs, revisions))
}

/// Writes `run` over what was listed; what was changed in the meantime is left to the next sweep.
async fn put(
    book: &dyn Book,
    run: Run,
    revisions: &BTreeMap<RunId, Revision>,
    event: Event,
) -> Result<(), BookError> {
    let Some(revision) = revisions.get(&run.id) else {
        return Ok(());
    };
    let written = book
        .put(Write {
            record: Record::Run(run),
            precondition: Precondition::Revision(*revision),
            drop_claim: false,
            events: vec![event],
        })
        .await;
    match written {
        Ok(_) | Err(BookError::Conflict { .. } | BookError::Missing { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests;
