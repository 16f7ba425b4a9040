//! From a ledger to a plan: observe, then decide. The deciding is the ledger crate's; this only hands it what was seen.

use std::collections::BTreeSet;

use ledger::{
    book::{BookError, Ledger},
    brake::{BrakeKind, Guards},
    event::Subject,
    id::ScopeName,
    judge::Policy,
    plan::{SweepInput, SweepPlan, plan_sweep},
};

use super::{first_sighting::FirstSighting, memory::memory};
use crate::observe::observe;

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
    let scope = Subject::Scope(request.scope.clone());
    let memory = book.get(&scope).await?.and_then(memory);
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
        memory,
        candidates: observation.candidates,
        unreadable: observation.unreadable,
        host_now,
        guards: request.guards.clone(),
        released: request.released.clone(),
        policy: request.policy.clone(),
    };
    Ok((plan_sweep(&input, reading.now), sightings))
}
