//! Observe: everything that is looked at before anything is decided. Only reads.
//!
//! What nobody can be asked about in this version (forges) is said to be so, with the answer that decides nothing. Of use,
//! only the runs of Terraform are known.

use std::collections::BTreeMap;

use ledger::{
    book::{Book, BookError, Kind, Query, Record, Stored},
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Fact, Facts},
    id::{Revision, RunId},
    liveness::Runs,
    plan::Candidate,
};

use crate::state;

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
pub async fn observe(book: &dyn Book, now: Timestamp) -> Result<Observation, BookError> {
    let listing = book
        .find(&Query {
            kind: Kind::Environment,
            name: None,
            live_only: true,
        })
        .await?;
    let runs = std::sync::Arc::new(runs(book).await?);
    let places = std::sync::Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut looks = tokio::task::JoinSet::new();
    for stored in listing.records {
        let places = std::sync::Arc::clone(&places);
        let runs = std::sync::Arc::clone(&runs);
        looks.spawn(async move {
            let _place = places.acquire_owned().await;
            candidate(stored, &runs, now).await
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

/// The runs that may still tell something.
///
/// # Errors
/// The ledger could not be listed.
pub async fn runs(book: &dyn Book) -> Result<Runs, BookError> {
    runs_with_revisions(book).await.map(|(runs, _)| runs)
}

/// The same, with the revision of each.
///
/// # Errors
/// As for [`runs`].
pub async fn runs_with_revisions(
    book: &dyn Book,
) -> Result<(Runs, BTreeMap<RunId, Revision>), BookError> {
    let listing = book
        .find(&Query {
            kind: Kind::Run,
            name: None,
            live_only: true,
        })
        .await?;
    let mut runs = Vec::new();
    let mut revisions = BTreeMap::new();
    for stored in listing.records {
        if let Record::Run(run) = stored.record {
            revisions.insert(run.id.clone(), stored.revision);
            runs.push(run);
        }
    }
    let unreadable = listing.unreadable;
    Ok((Runs { runs, unreadable }, revisions))
}

/// `stored` with all facts, as of `now`; `None` if it is no environment.
pub async fn candidate(stored: Stored, runs: &Runs, now: Timestamp) -> Option<Candidate> {
    let Record::Environment(environment) = stored.record else {
        return None;
    };
    let facts = facts(&environment, runs, now).await;
    Some(Candidate {
        revision: stored.revision,
        environment,
        facts,
    })
}

/// Everything that can be seen of `environment`, as of `now`.
pub async fn facts(environment: &Environment, runs: &Runs, now: Timestamp) -> Facts {
    let state = match &environment.state {
        Some(address) => state::observe(state::reader_for(address), address, now).await,
        None => Fact::unreadable(
            "where its state is was never found out; set `state` on the resource and apply",
            "the ledger",
            now,
        ),
    };
    let change_request = match &environment.change_request {
        Some(request) => Fact::unreadable(
            "no forge is configured, and this version asks none",
            request.to_string(),
            now,
        ),
        None => Fact::absent("the ledger", now),
    };
    Facts {
        state,
        change_request,
        run: runs.run_fact(environment, now),
        activity: runs.activity(environment, now),
    }
}
