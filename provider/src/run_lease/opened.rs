//! The run leases that are open in this process. It is told of an interruption and of the end, when no client closes anything any more.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ledger::{id::RunId, run::Run, ttl::Ttl};
use tokio::task::JoinSet;

use super::{close, interrupt};
use crate::context::Context;

/// The runs that this process opened and that are not closed. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct OpenRuns(Arc<Mutex<Runs>>);

#[derive(Debug, Default)]
struct Runs {
    open: BTreeMap<RunId, Open>,
    interrupted: bool,
}

#[derive(Debug, Clone)]
struct Open {
    context: Arc<Context>,
    ttl: Ttl,
    interrupted: bool,
}

impl OpenRuns {
    /// Remembers that `run` was opened with `context`. An opening that was under way when the user interrupted is
    /// interrupted too.
    pub(super) fn add(&self, run: &Run, context: Arc<Context>) {
        let mut runs = self.lock();
        let open = Open {
            context,
            ttl: run.ttl.clone(),
            interrupted: runs.interrupted,
        };
        if open.interrupted {
            drop(self.begin(run.id.clone(), open.clone()));
        }
        runs.open.insert(run.id.clone(), open);
    }

    /// Forgets `id`.
    pub(super) fn remove(&self, id: &RunId) {
        self.lock().open.remove(id);
    }

    /// Whether `id` is open.
    fn contains(&self, id: &RunId) -> bool {
        self.lock().open.contains_key(id)
    }

    /// The user interrupted: every token ends at once, and every run is kept alive from here while it finishes. What the
    /// ledger does not take at once is tried again for as long as this process lives.
    pub async fn interrupt(&self) {
        let tries: Vec<_> = self
            .interrupted()
            .into_iter()
            .map(|(id, open)| self.begin(id, open))
            .collect();
        // They are under way side by side; one that takes long does not keep the others from it.
        for tried in tries {
            let _ = tried.await;
        }
    }

    /// The process ends: what was interrupted is closed, because no client will. What was not interrupted is left to its
    /// ttl: a client that was killed is a missed renewal, not a close.
    pub async fn end(&self) {
        let interrupted: Vec<(RunId, Open)> = self
            .lock()
            .open
            .extract_if(.., |_, open| open.interrupted)
            .collect();
        let mut closes = JoinSet::new();
        for (id, open) in interrupted {
            closes.spawn(async move {
                if let Err(error) = close::write_down(&open.context, &id).await {
                    tracing::warn!(run = %id, "the run lease could not be closed and ends by its ttl: {error}");
                }
            });
        }
        while closes.join_next().await.is_some() {}
    }

    fn begin(&self, id: RunId, open: Open) -> tokio::sync::oneshot::Receiver<()> {
        let runs = self.clone();
        let is_open = move |id: &RunId| runs.contains(id);
        interrupt::begin(open.context, is_open, id, &open.ttl)
    }

    /// Those that were not interrupted before, and are from now on.
    fn interrupted(&self) -> Vec<(RunId, Open)> {
        let mut runs = self.lock();
        runs.interrupted = true;
        let fresh = runs.open.iter_mut().filter(|(_, open)| !open.interrupted);
        fresh
            .map(|(id, open)| {
                open.interrupted = true;
                (id.clone(), open.clone())
            })
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
