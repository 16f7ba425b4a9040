//! What is open in this process. It is told of an interruption and of the end, when no client closes anything any more.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ledger::{id::RunId, run::Run, ttl::Ttl};

use super::{close, interrupt};
use crate::context::Context;

/// The runs that this process opened and nobody has closed. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct OpenRuns(Arc<Mutex<BTreeMap<RunId, Open>>>);

#[derive(Debug, Clone)]
struct Open {
    context: Arc<Context>,
    ttl: Ttl,
    interrupted: bool,
}

impl OpenRuns {
    /// Remembers that `run` was opened with `context`.
    pub(super) fn add(&self, run: &Run, context: Arc<Context>) {
        let open = Open {
            context,
            ttl: run.ttl.clone(),
            interrupted: false,
        };
        self.lock().insert(run.id.clone(), open);
    }

    /// Forgets `id`.
    pub(super) fn remove(&self, id: &RunId) {
        self.lock().remove(id);
    }

    /// Whether `id` is open.
    pub(super) fn contains(&self, id: &RunId) -> bool {
        self.lock().contains_key(id)
    }

    /// The user interrupted: every token ends at once, and every run is kept alive from here while it finishes.
    pub async fn interrupt(&self) {
        for (id, open) in self.begin_to_interrupt() {
            if let Err(error) = interrupt::interrupt(&open.context, &id).await {
                tracing::warn!(run = %id, "the interruption could not be recorded: {error}");
            }
            interrupt::keep_alive(open.context, self.clone(), id, &open.ttl);
        }
    }

    /// The process ends: what was interrupted is closed, because no client will. What was not interrupted is left to its
    /// ttl: a client that was killed is a missed renewal, not a close.
    pub async fn end(&self) {
        let interrupted: Vec<(RunId, Open)> = self
            .lock()
            .extract_if(.., |_, open| open.interrupted)
            .collect();
        for (id, open) in interrupted {
            if let Err(error) = close::write_down(&open.context, &id).await {
                tracing::warn!(run = %id, "the run lease could not be closed and ends by its ttl: {error}");
            }
        }
    }

    /// Those that were not interrupted before, and are from now on.
    fn begin_to_interrupt(&self) -> Vec<(RunId, Open)> {
        let mut runs = self.lock();
        let fresh = runs.iter_mut().filter(|(_, open)| !open.interrupted);
        fresh
            .map(|(id, open)| {
                open.interrupted = true;
                (id.clone(), open.clone())
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<RunId, Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
