//! Observe: everything that is looked at before anything is decided. Only reads.
//!
//! What nobody can be asked about in this version (forges) is said to be so, with the answer that decides nothing. Of use,
//! only the runs of Terraform are known.

use std::collections::BTreeMap;

use ledger::{
    book::{Book, BookError, Kind, Ledger, Query, Record, Stored},
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Fact, Facts, Observed, StateFact},
    id::{Revision, RunId},
    inventory::Inventory,
    liveness::Runs,
    plan::Candidate,
};

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
pub async fn observe(book: &dyn Ledger, now: Timestamp) -> Result<Observation, BookError> {
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
            look_at(stored, &runs, now).await
        });
    }
    let mut candidates = Vec::new();
    let mut unreadable = listing.unreadable;
    while let Some(look) = looks.join_next().await {
        match look {
            Ok(None) => {}
            Ok(Some(mut candidate)) => {
                complete(book, &candidate.environment, &mut candidate.facts, now).await;
                candidates.push(candidate);
            }
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
pub async fn candidate(
    book: &dyn Ledger,
    stored: Stored,
    runs: &Runs,
    now: Timestamp,
) -> Option<Candidate> {
    let mut candidate = look_at(stored, runs, now).await?;
    complete(book, &candidate.environment, &mut candidate.facts, now).await;
    Some(candidate)
}

/// Everything that can be seen of `environment`, as of `now`.
pub async fn facts(
    book: &dyn Ledger,
    environment: &Environment,
    runs: &Runs,
    now: Timestamp,
) -> Facts {
    let mut facts = seen_of(environment, runs, now).await;
    complete(book, environment, &mut facts, now).await;
    facts
}

async fn look_at(stored: Stored, runs: &Runs, now: Timestamp) -> Option<Candidate> {
    let Record::Environment(environment) = stored.record else {
        return None;
    };
    let facts = seen_of(&environment, runs, now).await;
    Some(Candidate {
        revision: stored.revision,
        environment,
        facts,
    })
}

/// Adds what is kept in the ledger by content.
async fn complete(book: &dyn Ledger, environment: &Environment, facts: &mut Facts, now: Timestamp) {
    // Nobody asks for it as long as the marker is there.
    let unmarked = |state: &StateFact| state.markers.is_empty();
    if facts.state.seen().is_some_and(unmarked) {
        facts.begun_with = Fact::of(begun_with(book, environment).await, "the ledger", now);
    }
}

/// What was in the state of `environment` when the teardown began to apply that is not at its end.
pub async fn begun_with(book: &dyn Ledger, environment: &Environment) -> Observed<Inventory> {
    let unreadable = |cause: String| Observed::Unreadable(Cause(cause));
    let Some(sha256) = environment.lifecycle.inventory() else {
        return Observed::Absent;
    };
    let packed = match book.fetch(sha256).await {
        Ok(Some(packed)) => packed,
        Ok(None) => return unreadable("it is no longer in the ledger".to_owned()),
        Err(error) => return unreadable(error.to_string()),
    };
    Inventory::unpack(&packed).map_or_else(|error| unreadable(error.to_string()), Observed::Known)
}

/// Everything that can be seen of `environment` but what is kept by content.
async fn seen_of(environment: &Environment, runs: &Runs, now: Timestamp) -> Facts {
    let state = match &environment.state {
        Some(address) => backend::observe(backend::reader_for(address), address, now).await,
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
        begun_with: Fact::absent("nobody looked", now),
        change_request,
        run: runs.run_fact(environment, now),
        activity: runs.activity(environment, now),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ledger::{
        book::contract::{in_memory, sample},
        clock::ManualClock,
        environment::{Lifecycle, Teardown, TeardownStep},
        id::Fence,
        inventory::{Fingerprint, ObjectIdentity},
    };

    use super::*;

    fn cut_off(inventory: Option<&str>) -> Environment {
        let mut environment = sample::environment("a", "pr-1", 1);
        environment.lifecycle = Lifecycle::Destroying(Teardown {
            operation: "destroy-a".to_owned(),
            fence: Fence(1),
            since: sample::at(0),
            step: TeardownStep::Applying,
            instances: 4,
            inventory: inventory.map(str::to_owned),
            host: "host".to_owned(),
            work_dir: None,
            process_group: None,
        });
        environment
    }

    #[tokio::test]
    async fn what_a_teardown_began_with_is_known_absent_or_unreadable_and_never_empty_by_accident()
    {
        let book = in_memory(Arc::new(ManualClock::at(sample::at(0))));
        let one = Fingerprint::of("l", "x.a", ObjectIdentity::Id("1"));
        let inventory: Inventory = [one].into_iter().collect();
        let kept = book.keep(&inventory.pack()).await.expect("kept");
        let odd = book.keep(b"not an inventory").await.expect("kept");
        let look = async |sha256: Option<&str>| begun_with(book.as_ref(), &cut_off(sha256)).await;
        assert_eq!(look(Some(&kept)).await, Observed::Known(inventory));
        assert_eq!(look(None).await, Observed::Absent);
        for unreadable in [odd, "0".repeat(64)] {
            let answer = look(Some(&unreadable)).await;
            assert!(matches!(answer, Observed::Unreadable(_)), "{answer:?}");
        }
    }
}
