//! The notices at the end of a cycle: how each action ended that was begun. What was skipped is no news.

use ledger::plan::SweepPlan;

use crate::{
    notify::{self, Notice},
    outcome::{Outcome, Result},
    world::World,
};

/// Tells what became of `plan`. What could not be told is a warning, and stops nothing.
pub(super) async fn tell(world: &World, plan: &SweepPlan, results: &[Result]) {
    for ((item, action), result) in plan.actions().zip(results) {
        let text = match &result.outcome {
            Outcome::Skipped(_) => continue,
            Outcome::Destroyed(evidence) => format!(
                "{} of {} is destroyed: {} objects",
                item.name,
                item.owner,
                evidence.deleted.len()
            ),
            Outcome::Failed { reason, remedy } => format!(
                "{} of {} could not be destroyed: {reason}; to do: {remedy}",
                item.name, item.owner
            ),
        };
        let operation = action.kind().operation(&item.id, item.generation);
        let notice = Notice {
            key: format!("{operation}/{}", result.outcome.as_str()),
            text,
        };
        for untold in notify::tell(&world.config.notifiers, &notice).await {
            world.reporter.warning(&untold);
        }
    }
}
