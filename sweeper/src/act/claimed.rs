//! One environment claimed by this sweeper: the claim is kept alive, and everything is written under it. Decides nothing.

use std::sync::Arc;

use ledger::{
    book::{Book, BookError, ClaimRequest, Stored},
    environment::Environment,
    event::Subject,
    id::EnvironmentId,
};
use tokio::time::Instant;

use super::{heartbeat::Heartbeat, journal::Journal};
use crate::world::World;

/// What a claim was granted on, and what works under it.
pub(crate) struct Claimed {
    /// The record under the claim.
    pub(crate) stored: Stored,
    /// The environment in it.
    pub(crate) environment: Environment,
    /// Writes under the claim.
    pub(crate) journal: Journal,
    /// Keeps the claim alive; to be stopped at the end, which does not drop the claim.
    pub(crate) heartbeat: Heartbeat,
}

impl Claimed {
    /// Claims the environment `id`; `None` if the record is that of no environment.
    ///
    /// # Errors
    /// Somebody else has it, it is not there, or the ledger does not answer.
    pub(crate) async fn take(world: &World, id: &EnvironmentId) -> Result<Option<Self>, BookError> {
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
        let journal = Journal::new(book, subject, claim.fence, by, operation(&environment));
        let heartbeat = Heartbeat::start(world, &journal, asked);
        Ok(Some(Self {
            stored,
            environment,
            journal,
            heartbeat,
        }))
    }
}

/// The id of the teardown of one generation: the same at every pass, so that a repeated pass is the same operation.
fn operation(environment: &Environment) -> String {
    format!("destroy-{}-{}", environment.id, environment.generation)
}
