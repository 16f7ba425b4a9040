//! Execute: what the plan says, and nothing else. Holds no policy: what is done was decided before, and is decided again by
//! each pass inside its claim.

use std::sync::Arc;

use ledger::plan::{Action, Item, SweepPlan};
use tokio::{sync::Semaphore, task::JoinSet};

use super::pass::Pass;
use crate::{
    act::{acts::Acts, slot::Slot},
    outcome::{Outcome, Result},
    world::World,
};

/// Does what `plan` says, `parallel` at a time, and answers one result for each, in the plan's order.
///
/// One failure never stops the others. What failed before comes last, so that what hangs holds up nothing else. After
/// Ctrl-C nothing new is begun; what was not begun is skipped.
pub(super) async fn execute(world: &World, acts: &Acts, plan: &SweepPlan) -> Vec<Result> {
    let places = Arc::new(Semaphore::new(world.config.parallel));
    let mut passes = JoinSet::new();
    let planned: Vec<(Item, Action)> = plan
        .actions()
        .map(|(item, action)| (item.clone(), action.clone()))
        .collect();
    let mut queue: Vec<(usize, (Item, Action))> = planned.iter().cloned().enumerate().collect();
    queue.sort_by_key(|(_, (item, _))| item.is_again());
    for (place, (item, action)) in queue {
        // Waited for here, not in the pass: the order in which passes begin is the order they stand in.
        let permit = Arc::clone(&places).acquire_owned().await;
        let pass = Pass {
            world: world.clone(),
            planned: item,
            action,
            acts: acts.clone(),
            slot: Slot::new(permit.ok()),
        };
        passes.spawn(async move {
            let reporter = &pass.world.reporter;
            let outcome = if pass.slot.is_over() || pass.world.stop.is_set() {
                Outcome::Skipped("the sweep was stopped before this teardown began".to_owned())
            } else {
                reporter.begun(&pass.planned);
                pass.run().await
            };
            reporter.ended(&pass.planned, &outcome);
            (place, outcome)
        });
    }
    let mut outcomes = vec![None; planned.len()];
    while let Some(pass) = passes.join_next().await {
        if let Ok((place, outcome)) = pass
            && let Some(slot) = outcomes.get_mut(place)
        {
            *slot = Some(outcome);
        }
    }
    planned
        .into_iter()
        .zip(outcomes)
        .map(|((item, _), outcome)| Result {
            id: item.id,
            name: item.name,
            // A pass that panicked left its claim behind; the next sweep takes over when that runs out.
            outcome: outcome.unwrap_or_else(|| Outcome::Failed {
                reason: "an internal error aborted the teardown".to_owned(),
                remedy: "report the messages above; the next sweep retries".to_owned(),
            }),
        })
        .collect()
}
