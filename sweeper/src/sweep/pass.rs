//! One pass at one environment: claim, look again, decide again, act, write down. In that order, always.
//!
//! Whatever happens, the pass ends with an outcome, and with the ledger saying the same.

use ledger::{
    book::BookError,
    clock::rfc3339,
    plan::{Action, Item, drift, item},
};

use crate::{
    act::{
        acts::Acts, checkpoints::PassCheckpoints, claimed::Claimed, crash_cleanup, journal_entries,
        slot::Slot,
    },
    observe,
    outcome::Outcome,
    world::World,
};

/// One planned action with all it needs.
pub(super) struct Pass {
    /// Where it runs.
    pub(super) world: World,
    /// What was planned.
    pub(super) planned: Item,
    /// What is to be done.
    pub(super) action: Action,
    /// Who does it.
    pub(super) acts: Acts,
    /// Its place among those at work at once.
    pub(super) slot: Slot,
}

impl Pass {
    /// Does what was planned, if it is still what it is pinned to.
    pub(super) async fn run(&self) -> Outcome {
        match self.claimed().await {
            Ok(outcome) => outcome,
            Err(BookError::Claimed { holder, until, .. }) => Outcome::Skipped(format!(
                "{holder} is at work on it, or crashed; the claim lasts until {}",
                rfc3339(until)
            )),
            Err(error @ BookError::Fenced { .. }) => {
                Outcome::Skipped(format!("another sweeper took over: {error}"))
            }
            Err(error) => Outcome::Failed {
                reason: format!("the ledger did not answer: {error}"),
                remedy: "restore access to the ledger; the next sweep retries".to_owned(),
            },
        }
    }

    async fn claimed(&self) -> Result<Outcome, BookError> {
        let id = &self.planned.id;
        let Some(claimed) = Claimed::take(&self.world, id, self.action.kind()).await? else {
            return Ok(Outcome::Skipped("it is no environment".to_owned()));
        };
        let outcome = self.inside(&claimed).await;
        claimed.heartbeat.stop().await;
        outcome
    }

    async fn inside(&self, claimed: &Claimed) -> Result<Outcome, BookError> {
        let world = &self.world;
        let journal = &claimed.journal;
        if let Some(because) = crash_cleanup::of_record(world, claimed).await? {
            return journal_entries::skip(journal, because).await;
        }
        // Everything is looked at and decided anew under the claim: what was planned may be hours old.
        let now = world.book.reading().await?.now;
        let runs = world.sources.runs().await?;
        let sources = world.sources.as_ref();
        let candidate = observe::candidate(sources, claimed.stored.clone(), &runs, now).await;
        let Some(candidate) = candidate else {
            return journal_entries::skip(journal, "it is no environment".to_owned()).await;
        };
        let found = item(&candidate, &world.config.policy, now);
        if let Some(because) = drift(&self.planned, &self.action, &found) {
            return journal_entries::skip(journal, because).await;
        }
        let by = journal_entries::Sweeper {
            host: &world.invocation.host,
            holder: &world.holder,
        };
        let begun =
            journal_entries::begin(&by, journal, &self.action, &found.decision, candidate, now);
        match begun.await {
            // The claim keeps other sweepers away, not people and not Terraform: their word came first.
            Err(BookError::Conflict { .. }) => {
                let because = "its record was changed while its state was read";
                return journal_entries::skip(journal, because.to_owned()).await;
            }
            begun => begun?,
        }
        let checkpoints =
            PassCheckpoints::new(world, &self.planned, &self.action, claimed, &self.slot);
        let act = self.acts.act(&self.action);
        act.run(claimed, &self.action, &checkpoints).await
    }
}
