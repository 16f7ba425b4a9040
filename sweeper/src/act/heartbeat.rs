//! The heartbeat of a claim: prolonged at a third of its length, and a lost claim stops the work at once.

use std::{sync::Arc, time::Duration};

use ledger::book::{Book, BookError, ClaimRequest};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, timeout_at},
};

use super::journal::Journal;
use crate::world::World;

/// In the place of a span that cannot be waited for.
const LEAST: Duration = Duration::from_secs(1);

/// A running heartbeat.
pub struct Heartbeat {
    lost: watch::Receiver<bool>,
    beats: JoinHandle<()>,
}

impl Heartbeat {
    /// Prolongs the claim of `journal`, which was asked for at `claimed`, until it is stopped or lost.
    ///
    /// A ledger that does not answer is asked again until the claim must have run out; then it counts as lost, whether or
    /// not a call is still under way.
    #[must_use]
    pub fn start(world: &World, journal: &Journal, claimed: Instant) -> Self {
        let book: Arc<dyn Book> = world.book.clone();
        let request = ClaimRequest {
            subject: journal.subject().clone(),
            holder: world.holder.clone(),
            span: world.config.claim,
            renew: Some(journal.fence()),
        };
        let whole = world.config.claim.to_std().unwrap_or(LEAST);
        let every = world.config.heartbeat().to_std().unwrap_or(LEAST);
        Self::beat(book, request, (every, whole), claimed)
    }

    fn beat(
        book: Arc<dyn Book>,
        request: ClaimRequest,
        (every, whole): (Duration, Duration),
        claimed: Instant,
    ) -> Self {
        let (tell, lost) = watch::channel(false);
        let beats = tokio::spawn(async move {
            let mut end = claimed + whole;
            loop {
                tokio::time::sleep_until(end.min(Instant::now() + every)).await;
                let began = Instant::now();
                match timeout_at(end, book.claim(&request)).await {
                    Ok(Ok(_)) => end = began + whole,
                    Ok(Err(BookError::Fenced { .. } | BookError::Missing { .. })) | Err(_) => break,
                    Ok(Err(_)) if end <= Instant::now() => break,
                    Ok(Err(_)) => {}
                }
            }
            tell.send_replace(true);
        });
        Self { lost, beats }
    }

    /// Whether the claim is lost.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Waits until the claim is lost. Safe to cancel.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        if lost.wait_for(|lost| *lost).await.is_err() {
            // The beats ended without losing the claim: they were stopped, and nothing waits for that.
            std::future::pending::<()>().await;
        }
    }

    /// Stops it; the claim stays as it is.
    pub async fn stop(mut self) {
        self.beats.abort();
        // Only to have it gone; that it was aborted is what was wanted.
        let _ = (&mut self.beats).await;
    }
}

/// A pass that broke off prolongs nothing: the next sweep takes over when the claim runs out.
impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.beats.abort();
    }
}

#[cfg(test)]
mod tests;
