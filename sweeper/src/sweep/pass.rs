//! One pass at one environment: claim, look again, decide again, destroy, prove, write down. In that order, always.
//!
//! Whatever happens, the pass ends with an outcome, and with the ledger saying the same.

use std::sync::Arc;

use ledger::{
    book::{BookError, Stored},
    clock::rfc3339,
    environment::Environment,
    plan::{Item, Pin, drift, item},
};
use terraform::template::Templates;

use super::progress::Progress;
use crate::{
    act::{
        checkpoints::PassCheckpoints, claimed::Claimed, clis::Clis, earlier_passes::EarlierPasses,
        heartbeat::Heartbeat, job, journal::Journal, journal_entries, outcome::Outcome, slot::Slot,
    },
    observe,
    rescue::{bring_back, crash_cleanup},
    teardown::destroy::destroy,
    world::World,
};

/// One planned destroy with all it needs.
#[derive(Clone)]
pub struct Pass {
    /// Where it runs.
    pub world: World,
    /// What was planned.
    pub planned: Item,
    /// What that is pinned to.
    pub pin: Pin,
    /// Who hears of it.
    pub progress: Arc<dyn Progress>,
    /// The CLIs of this sweep.
    pub clis: Arc<Clis>,
    /// What `init` set up in this sweep.
    pub templates: Arc<Templates>,
    /// Its place among those at work at once.
    pub slot: Slot,
}

impl Pass {
    /// Destroys what was planned, if it is still what it is pinned to.
    pub async fn run(&self) -> Outcome {
        match self.claimed().await {
            Ok(outcome) => outcome,
            Err(BookError::Claimed { holder, until, .. }) => Outcome::Skipped(format!(
                "{holder} is at work on it, or died at it; the claim runs until {}",
                rfc3339(until)
            )),
            Err(error @ BookError::Fenced { .. }) => {
                Outcome::Skipped(format!("another sweeper took over: {error}"))
            }
            Err(error) => Outcome::Failed {
                reason: format!("the ledger did not answer: {error}"),
                remedy: "mend what keeps the ledger from answering; the next sweep takes over"
                    .to_owned(),
            },
        }
    }

    async fn claimed(&self) -> Result<Outcome, BookError> {
        let Some(claimed) = Claimed::take(&self.world, &self.planned.id).await? else {
            return Ok(Outcome::Skipped("it is no environment".to_owned()));
        };
        let Claimed {
            stored,
            environment,
            journal,
            heartbeat,
        } = claimed;
        let outcome = self
            .inside(&environment, stored, &journal, &heartbeat)
            .await;
        heartbeat.stop().await;
        outcome
    }

    async fn inside(
        &self,
        environment: &Environment,
        stored: Stored,
        journal: &Journal,
        heartbeat: &Heartbeat,
    ) -> Result<Outcome, BookError> {
        let world = &self.world;
        if let Some(because) = crash_cleanup::of_record(world, environment, journal).await? {
            return journal_entries::skip(journal, because).await;
        }
        // Everything is looked at and decided anew under the claim: what was planned may be hours old.
        let now = world.book.reading().await?.now;
        let runs = observe::runs(world.book.as_ref()).await?;
        let Some(candidate) = observe::candidate(world.book.as_ref(), stored, &runs, now).await
        else {
            return journal_entries::skip(journal, "it is no environment".to_owned()).await;
        };
        let found = item(&candidate, &world.config.policy, now);
        if let Some(because) = drift(&self.planned, &self.pin, &found) {
            return journal_entries::skip(journal, because).await;
        }
        let by = journal_entries::Sweeper {
            host: &world.invocation.host,
            holder: &world.holder,
        };
        match journal_entries::begin(&by, journal, &self.pin, &found.decision, candidate, now).await
        {
            // The claim keeps other sweepers away, not people and not Terraform: their word came first.
            Err(BookError::Conflict { .. }) => {
                let because = "its record was changed while its state was being looked at";
                return journal_entries::skip(journal, because.to_owned()).await;
            }
            begun => begun?,
        }

        let earlier = match EarlierPasses::load(world.book.as_ref(), environment, journal).await {
            Ok(earlier) => earlier,
            Err(error) => {
                return journal_entries::fail(journal, environment, &job::unread(&error)).await;
            }
        };
        let answer = match job::of(self, environment, journal).await {
            Ok(job) => {
                let hooks = PassCheckpoints::new(self, journal, heartbeat, &earlier);
                let reader = backend::reader_for(&job.address);
                match bring_back::bring_back(self, journal, &job, reader, &hooks).await {
                    Ok(None) => destroy(&job, reader, &hooks).await,
                    // What was pushed back is what this very teardown left: the pin goes with it.
                    Ok(Some(pin)) => {
                        let pushed = Self {
                            pin,
                            ..self.clone()
                        };
                        let hooks = PassCheckpoints::new(&pushed, journal, heartbeat, &earlier);
                        destroy(&job, reader, &hooks).await
                    }
                    Err(failure) => Err(failure),
                }
            }
            Err(failure) => Err(failure),
        };
        let failure = match answer {
            Ok(destroyed) => return journal_entries::finish(journal, destroyed, &earlier).await,
            Err(failure) => failure,
        };
        if let Some(kept) = &failure.kept_state {
            bring_back::tell(world, &environment.name, kept);
        }
        journal_entries::fail(journal, environment, &failure).await
    }
}
