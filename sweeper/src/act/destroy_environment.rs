//! The act that destroys: what was left unsaved is brought back, the state is destroyed and proven gone, and the ledger
//! hears how it ended.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{
    book::BookError,
    plan::{Action, Pin},
};
use terraform::template::Templates;

use super::{Act, bring_back, claimed::Claimed, clis::Clis, destroy_job, journal_entries, places};
use crate::{
    act::destroy::{Destroyed, TeardownFailure, job::Checkpoints, steps::destroy},
    outcome::Outcome,
    world::World,
};

/// Destroys environments. One serves a whole sweep: each CLI is asked for its version once, and what `init` set up is used
/// again.
pub(super) struct DestroyEnvironment {
    world: World,
    clis: Clis,
    templates: Arc<Templates>,
}

impl DestroyEnvironment {
    pub(super) fn new(world: &World) -> Self {
        Self {
            templates: Arc::new(Templates::new(&places::of(world))),
            clis: Clis::default(),
            world: world.clone(),
        }
    }

    async fn destroy(
        &self,
        claimed: &Claimed,
        pin: &Pin,
        checkpoints: &dyn Checkpoints,
    ) -> Result<Destroyed, TeardownFailure> {
        let job = destroy_job::of(&self.world, claimed, pin, &self.clis, &self.templates).await?;
        let reader = backend::of(&job.address);
        bring_back::bring_back(&self.world, claimed, &job, reader, checkpoints).await?;
        destroy(&job, reader, checkpoints).await
    }
}

#[async_trait]
impl Act for DestroyEnvironment {
    async fn run(
        &self,
        claimed: &Claimed,
        action: &Action,
        checkpoints: &dyn Checkpoints,
    ) -> Result<Outcome, BookError> {
        let Action::Destroy(pin) = action;
        let Claimed {
            environment,
            journal,
            ..
        } = claimed;
        let earlier = match claimed.earlier_passes(self.world.book.as_ref()).await {
            Ok(earlier) => earlier,
            Err(error) => {
                let failure = destroy_job::unread(&error);
                return journal_entries::fail(journal, environment, &failure).await;
            }
        };
        match self.destroy(claimed, pin, checkpoints).await {
            Ok(destroyed) => journal_entries::finish(journal, destroyed, earlier).await,
            Err(failure) => {
                if let Some(kept) = &failure.kept_state {
                    bring_back::tell(&self.world, &environment.name, kept);
                }
                journal_entries::fail(journal, environment, &failure).await
            }
        }
    }
}
