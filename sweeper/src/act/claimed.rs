//! One environment claimed by this sweeper: the claim is kept alive, and everything is written under it. Decides nothing.

use std::sync::Arc;

use ledger::{
    book::{Book, BookError, ClaimRequest, Ledger, Stored},
    environment::Environment,
    event::Subject,
    id::EnvironmentId,
    plan::ActionKind,
};
use tokio::{sync::OnceCell, time::Instant};

use super::{earlier_passes::EarlierPasses, heartbeat::Heartbeat, journal::Journal};
use crate::world::World;

/// What a claim was granted on, and what works under it.
pub struct Claimed {
    /// The record under the claim.
    pub stored: Stored,
    /// The environment in it.
    pub environment: Environment,
    /// Writes under the claim.
    pub journal: Journal,
    /// Keeps the claim alive; to be stopped at the end, which does not drop the claim.
    pub heartbeat: Heartbeat,
    /// What earlier passes did, once that was asked.
    earlier: OnceCell<EarlierPasses>,
}

impl Claimed {
    /// Claims the environment `id` for an action of `kind`; `None` if the record is that of no environment.
    ///
    /// # Errors
    /// Another sweeper has it, it is not there, or the ledger does not answer.
    pub async fn take(
        world: &World,
        id: &EnvironmentId,
        kind: ActionKind,
    ) -> Result<Option<Self>, BookError> {
        let subject = Subject::Environment(id.clone());
        // Before the answer: it is from the question on that the claim may run out.
        let asked = Instant::now();
        let request = ClaimRequest {
            subject: subject.clone(),
            holder: world.holder.clone(),
            span: world.config.claim,
            renew: None,
        };
        let (claim, stored) = world.book.claim(&request).await?;
        let Some(environment) = stored.record.environment().cloned() else {
            return Ok(None);
        };
        let book: Arc<dyn Book> = world.book.clone();
        let by = world.identity.clone();
        let operation = operation(kind, &environment);
        let journal = Journal::new(book, subject, claim.fence, by, operation);
        let heartbeat = Heartbeat::start(world, &journal, asked);
        Ok(Some(Self {
            stored,
            environment,
            journal,
            heartbeat,
            earlier: OnceCell::new(),
        }))
    }

    /// What passes before this one did. To be asked first before this one begins to apply.
    ///
    /// # Errors
    /// The ledger could not be read.
    pub(super) async fn earlier_passes(
        &self,
        ledger: &dyn Ledger,
    ) -> Result<&EarlierPasses, BookError> {
        let load = || EarlierPasses::load(ledger, &self.environment, &self.journal);
        self.earlier.get_or_try_init(load).await
    }
}

/// The id of an action on one generation: the same at every pass, so that a repeated pass is the same operation.
fn operation(kind: ActionKind, environment: &Environment) -> String {
    format!("{kind}-{}-{}", environment.id, environment.generation)
}
