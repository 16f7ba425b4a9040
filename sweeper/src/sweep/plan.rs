//! From a ledger to a plan: observe, then decide. The deciding is the ledger crate's; this only hands it what was seen.

use std::collections::BTreeSet;

use ledger::{
    book::{Book, BookError, Record},
    brake::{BrakeKind, Guards},
    event::Subject,
    id::ScopeName,
    judge::Policy,
    plan::{SweepInput, SweepPlan, plan_sweep},
    scope::Scope,
};

use super::first_sighting::FirstSighting;
use crate::observe::{Ledger, observe};

/// What a plan is made for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which scope.
    pub scope: ScopeName,
    /// The limits.
    pub guards: Guards,
    /// The operator's policy.
    pub policy: Policy,
    /// Brakes a person released.
    pub released: BTreeSet<BrakeKind>,
}

/// Makes a plan from what `book` holds now, and says what was seen for the first time. Writes nothing.
///
/// # Errors
/// The ledger could not be read.
pub async fn make(
    book: &dyn Ledger,
    host: &dyn ledger::clock::Clock,
    request: &Request,
) -> Result<(SweepPlan, Vec<FirstSighting>), BookError> {
    let memory = memory(book, &request.scope).await?;
    // Both clocks right after each other: what lies between them is not a disagreement.
    let reading = book.reading().await?;
    let host_now = host.now();
    let observation = observe(book, reading.now).await?;
    let sightings = observation
        .candidates
        .iter()
        .filter_map(FirstSighting::of)
        .collect();
    let input = SweepInput {
        ledger: reading.ledger,
        scope: request.scope.clone(),
        memory: memory.map(|(scope, _)| scope),
        candidates: observation.candidates,
        unreadable: observation.unreadable,
        host_now,
        guards: request.guards.clone(),
        released: request.released.clone(),
        policy: request.policy.clone(),
    };
    Ok((plan_sweep(&input, reading.now), sightings))
}

/// The memory of `scope` and its revision; `None` if it was never swept.
///
/// # Errors
/// The ledger could not be read.
pub async fn memory(
    book: &dyn Book,
    scope: &ScopeName,
) -> Result<Option<(Scope, ledger::id::Revision)>, BookError> {
    let subject = Subject::Scope(scope.clone());
    Ok(match book.get(&subject).await? {
        Some(stored) => match stored.record {
            Record::Scope(scope) => Some((scope, stored.revision)),
            Record::Environment(_) | Record::Lease(_) | Record::Run(_) => None,
        },
        None => None,
    })
}
