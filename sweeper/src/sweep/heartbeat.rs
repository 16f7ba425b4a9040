//! The heartbeat of a claim: prolonged at a third of its length, and a lost claim stops the work at once.

use std::time::Duration;

use ledger::book::{Book, BookError, ClaimRequest};
use tokio::{sync::watch, task::JoinHandle};

use super::journal::Journal;
use crate::world::World;

/// A running heartbeat.
pub struct Heartbeat {
    lost: watch::Receiver<bool>,
    beats: JoinHandle<()>,
}

impl Heartbeat {
    /// Prolongs the claim of `journal` until it is stopped or lost.
    ///
    /// A ledger that does not answer is asked again until the claim must have run out; then it counts as lost.
    #[must_use]
    pub fn start(world: &World, journal: &Journal) -> Self {
        let (tell, lost) = watch::channel(false);
        let book = world.book.clone();
        let request = ClaimRequest {
            subject: journal.subject().clone(),
            holder: world.holder.clone(),
            span: world.config.claim,
            renew: Some(journal.fence()),
        };
        let every = world
            .config
            .heartbeat()
            .to_std()
            .unwrap_or(Duration::from_secs(1));
        let whole = world.config.claim.to_std().unwrap_or(every);
        let beats = tokio::spawn(async move {
            let mut last = tokio::time::Instant::now();
            loop {
                tokio::time::sleep(every).await;
                let began = tokio::time::Instant::now();
                match book.claim(&request).await {
                    Ok(_) => last = began,
                    Err(BookError::Fenced { .. } | BookError::Missing { .. }) => break,
                    Err(_) if whole <= last.elapsed() => break,
                    Err(_) => {}
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
            // The beats ended without losing the claim: they were stopped, and nobody waits for that.
            std::future::pending::<()>().await;
        }
    }

    /// Stops it; the claim stays as it is.
    pub async fn stop(self) {
        self.beats.abort();
        // Only to have it gone; that it was aborted is what was wanted.
        let _ = self.beats.await;
    }
}
