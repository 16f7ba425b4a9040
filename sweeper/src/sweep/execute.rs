//! Execute: what the plan says, and nothing else. Holds no policy: what is destroyed was decided before, and is decided
//! again by each pass inside its claim.

use std::sync::Arc;

use ledger::plan::{Item, Pin, SweepPlan};
use terraform::template::Templates;
use tokio::{sync::Semaphore, task::JoinSet};

use super::{pass::Pass, progress::Progress};
use crate::{
    act::{
        clis::Clis,
        job,
        outcome::{Outcome, Result},
        slot::Slot,
    },
    world::World,
};

/// Destroys what `plan` says, `parallel` at a time, and answers one result for each, in the plan's order.
///
/// One failure never stops the others. What failed before comes last, so that what hangs holds up nobody else. After
/// Ctrl-C nothing new is begun; what was not begun is skipped.
pub async fn execute(world: &World, plan: &SweepPlan, progress: &Arc<dyn Progress>) -> Vec<Result> {
    let places = Arc::new(Semaphore::new(world.config.parallel));
    let mut passes = JoinSet::new();
    let planned: Vec<(Item, Pin)> = plan
        .destroys()
        .map(|(item, pin)| (item.clone(), pin.clone()))
        .collect();
    let clis = Arc::new(Clis::default());
    let templates = Arc::new(Templates::new(&job::places(world)));
    let mut queue: Vec<(usize, (Item, Pin))> = planned.iter().cloned().enumerate().collect();
    queue.sort_by_key(|(_, (item, _))| item.is_again());
    for (place, (item, pin)) in queue {
        // Waited for here, not in the pass: the order in which passes begin is the order they stand in.
        let permit = Arc::clone(&places).acquire_owned().await;
        let pass = Pass {
            world: world.clone(),
            planned: item,
            pin,
            progress: Arc::clone(progress),
            clis: Arc::clone(&clis),
            templates: Arc::clone(&templates),
            slot: Slot::new(permit.ok()),
        };
        passes.spawn(async move {
            let outcome = if pass.slot.is_over() || pass.world.stop.is_set() {
                Outcome::Skipped("the sweep was asked to stop before it was begun".to_owned())
            } else {
                pass.progress.begin(&pass.planned);
                pass.run().await
            };
            pass.progress.end(&pass.planned, &outcome);
            (place, outcome)
        });
    }
    let mut outcomes = vec![None; planned.len()];
    while let Some(pass) = passes.join_next().await {
        if let Ok((place, outcome)) = pass
            && let Some(place) = outcomes.get_mut(place)
        {
            *place = Some(outcome);
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
                reason: "the teardown broke off by a fault of the sweeper".to_owned(),
                remedy: "look at the messages above, and report them; the next sweep takes over"
                    .to_owned(),
            }),
        })
        .collect()
}
