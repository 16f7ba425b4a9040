//! The request to stop: raised once, when Terraform was interrupted, and watched by long waits. The server
//! goes on serving; raising it only asks handlers to come to an end early.

use tokio::sync::watch;

/// Tells whether Terraform asked the provider to stop. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// The end that raises the request. Once dropped, it can never be raised.
#[derive(Debug)]
pub(crate) struct StopSwitch(watch::Sender<bool>);

impl StopSwitch {
    /// A switch that was not used yet.
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Raises the request; again is harmless.
    pub(crate) fn raise(&self) {
        self.0.send_replace(true);
    }

    /// An end to watch with.
    pub(crate) fn watch(&self) -> Stop {
        Stop(self.0.subscribe())
    }
}

impl Stop {
    /// A request that is never raised, for tests and tools.
    #[must_use]
    pub fn never() -> Self {
        StopSwitch::new().watch()
    }

    /// Whether the request was raised.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the request is raised; for ever if it never is.
    pub async fn raised(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|raised| *raised).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
