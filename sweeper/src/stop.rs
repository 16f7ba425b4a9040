//! The wish to stop: set by Ctrl-C or SIGTERM, seen by everything that takes long.
//!
//! Stopping means: begin nothing new, let what is under way save itself. It never means: drop it.

use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// The wish to stop. Clones see the same wish.
#[derive(Debug, Clone)]
pub struct Stop {
    wish: watch::Sender<bool>,
}

impl Default for Stop {
    /// No wish yet.
    fn default() -> Self {
        Self {
            wish: watch::Sender::new(false),
        }
    }
}

impl Stop {
    /// Wishes it.
    pub fn set(&self) {
        self.wish.send_replace(true);
    }

    /// Whether it is wished.
    #[must_use]
    pub fn is_set(&self) -> bool {
        *self.wish.borrow()
    }

    /// The wish for those who watch it themselves.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.wish.subscribe()
    }

    /// Waits until it is wished. Safe to cancel.
    pub async fn wait(&self) {
        let mut wish = self.watch();
        // The sender lives as long as `self`, so this ends only when the wish is set.
        let _ = wish.wait_for(|wished| *wished).await;
    }

    /// Makes Ctrl-C and SIGTERM set the wish from now on, instead of ending the process; `told` hears of each.
    ///
    /// # Errors
    /// If the system does not hand over its signals. They then still end the process.
    pub fn listen(&self, told: impl Fn() + Send + 'static) -> std::io::Result<()> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let stop = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                }
                stop.set();
                told();
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wish_reaches_every_clone_even_one_that_asks_later() {
        let stop = Stop::default();
        let clone = stop.clone();
        assert!(!clone.is_set());
        stop.set();
        clone.wait().await;
        assert!(clone.is_set() && *clone.watch().borrow());
    }
}
