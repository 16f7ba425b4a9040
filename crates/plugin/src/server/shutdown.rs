//! The end of a definition's life: it is told of an interruption and of the end of the process, within a deadline, and
//! its panics end nothing else.

use std::future::Future;

use tokio::sync::OnceCell;

use crate::definition::{PATIENCE_AT_THE_END, ProviderDefinition};
use crate::panic::caught;

/// A definition and whether it was told that the process ends.
pub(crate) struct Shutdown<D> {
    definition: D,
    told: OnceCell<()>,
}

impl<D: ProviderDefinition> Shutdown<D> {
    /// For a definition that serves.
    pub(super) fn of(definition: D) -> Self {
        let told = OnceCell::new();
        Self { definition, told }
    }

    /// The definition.
    pub(super) fn definition(&self) -> &D {
        &self.definition
    }

    /// Tells of an interruption, and waits for what is done about it.
    pub(super) async fn stopping(&self) {
        bounded("stopping", self.definition.stopping()).await;
    }

    /// Tells of the end of the process, and waits for what is done about it. Only the first call tells; the others
    /// wait for it too.
    pub(crate) async fn run(&self) {
        let tell = || bounded("shutdown", self.definition.shutdown());
        self.told.get_or_init(tell).await;
    }
}

async fn bounded(step: &'static str, work: impl Future<Output = ()>) {
    match tokio::time::timeout(PATIENCE_AT_THE_END, caught(work)).await {
        // A panic is in the log already.
        Ok(Ok(()) | Err(_)) => {}
        Err(_) => tracing::warn!(step, "took too long and was cut off"),
    }
}
