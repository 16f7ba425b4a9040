//! From a ledger to a plan: observe, then decide. The deciding is the ledger crate's; this only hands it what was seen.

use std::collections::BTreeSet;

use ledger::{
    book::{BookError, Reading},
    brake::BrakeKind,
    event::Subject,
    plan::{SweepInput, SweepPlan, plan_sweep},
};

use super::{first_sighting::FirstSighting, memory::memory};
use crate::{observe::observe, world::World};

/// A plan, and what it was made of besides.
pub(super) struct Made {
    /// The plan.
    pub(super) plan: SweepPlan,
    /// Which ledger was read, and when.
    pub(super) reading: Reading,
    /// What was seen for the first time.
    pub(super) sightings: Vec<FirstSighting>,
}

/// Makes a plan from what there is now, with the brakes `released`. Writes nothing.
///
/// # Errors
/// The ledger could not be read.
pub(super) async fn make(world: &World, released: BTreeSet<BrakeKind>) -> Result<Made, BookError> {
    let config = &world.config;
    let scope = Subject::Scope(config.scope.clone());
    let memory = world.book.get(&scope).await?.and_then(memory);
    // Both clocks right after each other: what lies between them is not a disagreement.
    let reading = world.reading().await?;
    let host_now = world.clock.now();
    let observation = observe(world.book.as_ref(), &world.sources, reading.now).await?;
    let sightings = observation.candidates.iter();
    let sightings = sightings.filter_map(FirstSighting::of).collect();
    let input = SweepInput {
        ledger: reading.ledger.clone(),
        scope: config.scope.clone(),
        memory,
        candidates: observation.candidates,
        unreadable: observation.unreadable,
        host_now,
        guards: config.guards.clone(),
        released,
        policy: config.policy.clone(),
    };
    Ok(Made {
        plan: plan_sweep(&input, reading.now),
        reading,
        sightings,
    })
}
