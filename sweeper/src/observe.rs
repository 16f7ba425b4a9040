//! Observe: everything that is looked at before anything is decided. Only reads, and asks [`Sources`] for every fact.

use std::sync::Arc;

use ledger::{
    book::{Book, BookError, Kind, Query, Record, Stored},
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Fact, Facts, StateFact},
    liveness::Runs,
    plan::Candidate,
};

mod sources;

#[cfg(test)]
pub(crate) use sources::MemorySources;
pub use sources::{LiveSources, Sources};

/// How many states are read at the same time. Reading is mostly waiting.
const AT_ONCE: usize = 16;

/// All that was seen of a ledger's living environments.
#[derive(Debug, Default)]
pub struct Observation {
    /// What could be read.
    pub candidates: Vec<Candidate>,
    /// Records that are there and could not be read.
    pub unreadable: Vec<(String, Cause)>,
}

/// Looks at every living environment of `book`, as of `now`.
///
/// # Errors
/// The ledger could not be listed.
pub async fn observe(
    book: &dyn Book,
    sources: &Arc<dyn Sources>,
    now: Timestamp,
) -> Result<Observation, BookError> {
    let listing = book
        .find(&Query {
            kind: Kind::Environment,
            name: None,
            live_only: true,
        })
        .await?;
    let runs = Arc::new(sources.runs().await?);
    let places = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut looks = tokio::task::JoinSet::new();
    for stored in listing.records {
        let (places, runs) = (Arc::clone(&places), Arc::clone(&runs));
        let sources = Arc::clone(sources);
        looks.spawn(async move {
            let _place = places.acquire_owned().await;
            candidate(sources.as_ref(), stored, &runs, now).await
        });
    }
    let mut candidates = Vec::new();
    let mut unreadable = listing.unreadable;
    while let Some(look) = looks.join_next().await {
        match look {
            Ok(candidate) => candidates.extend(candidate),
            Err(error) => unreadable.push((
                "an environment".to_owned(),
                Cause(format!("looking at it failed: {error}")),
            )),
        }
    }
    candidates.sort_by(|left, right| left.environment.id.cmp(&right.environment.id));
    Ok(Observation {
        candidates,
        unreadable,
    })
}

/// `stored` with all facts, as of `now`; `None` if it is no environment.
pub async fn candidate(
    sources: &dyn Sources,
    stored: Stored,
    runs: &Runs,
    now: Timestamp,
) -> Option<Candidate> {
    let Record::Environment(environment) = stored.record else {
        return None;
    };
    Some(Candidate {
        revision: stored.revision,
        facts: facts(sources, &environment, runs, now).await,
        environment,
    })
}

/// Everything that can be seen of `environment`, as of `now`.
pub async fn facts(
    sources: &dyn Sources,
    environment: &Environment,
    runs: &Runs,
    now: Timestamp,
) -> Facts {
    let state = sources.state(environment, now).await;
    // It does not count as long as the marker is there.
    let unmarked = |state: &StateFact| state.markers.is_empty();
    let begun_with = match state.seen().is_some_and(unmarked) {
        true => Fact::of(sources.begun_with(environment).await, "the ledger", now),
        false => Fact::absent("not observed", now),
    };
    Facts {
        state,
        begun_with,
        change_request: sources.change_request(environment, now).await,
        run: runs.run_fact(environment, now),
        activity: runs.activity(environment, now),
    }
}
