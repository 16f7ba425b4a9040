//! The connections that read. Each read has a thread of its own, because SQLite blocks, and not one of the runtime's, so
//! that a disk that hangs holds up no end of the process.

use std::{
    mem,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;
use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::{WAIT, connection, remedy, started, unreachable, unreached};
use crate::book::BookError;

/// How many reads run at once.
const READERS: usize = 4;

/// The name of every thread here.
const THREAD: &str = "ledger-reader";

/// The reading half of a ledger.
pub(super) struct Readers {
    path: PathBuf,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    /// Opens nothing yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            places: Arc::new(Semaphore::new(READERS)),
            idle: Arc::default(),
        }
    }

    /// What `read` finds.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, BookError> {
        let place = Arc::clone(&self.places).acquire_owned();
        let Ok(Ok(place)) = timeout(WAIT, place).await else {
            let cause = "other reads of this process take longer than 30 seconds";
            return Err(unreached("read", &self.path, cause, remedy::BUSY));
        };
        let (answer, answered) = oneshot::channel();
        let (path, idle) = (self.path.clone(), Arc::clone(&self.idle));
        started(&self.path, THREAD, move || {
            let known = lock(&idle).pop();
            let connection = known.map_or_else(|| connection::to_read(&path), Ok);
            // After an error or a panic the connection is closed, and the next read opens another.
            let found = connection.and_then(|connection| {
                let found = read(&connection)?;
                lock(&idle).push(connection);
                Ok(found)
            });
            drop(place);
            // The caller may be gone.
            drop(answer.send(found.map_err(|error| unreachable("read", &path, &error))));
        })?;
        answered.await.unwrap_or_else(|_| {
            let cause = "the thread that was reading is gone";
            Err(unreached("read", &self.path, cause, remedy::AGAIN))
        })
    }

    /// Closes every connection that is idle, and lets no one read any more.
    pub(super) async fn close(&self) {
        self.places.close();
        let idle = mem::take(&mut *lock(&self.idle));
        let (closing, closed) = oneshot::channel::<()>();
        // To close is work for the disk as well. A thread that does not start closes them at once.
        drop(started(&self.path, THREAD, move || drop((idle, closing))));
        // It answers by its end.
        drop(closed.await);
    }
}

fn lock(idle: &Mutex<Vec<Connection>>) -> MutexGuard<'_, Vec<Connection>> {
    // Pushing and taking cannot leave it half done.
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
