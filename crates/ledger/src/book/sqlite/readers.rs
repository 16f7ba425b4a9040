//! The connections that read, each on a thread of its own: SQLite blocks, and never does so where requests are served.
//! The threads are not the runtime's, so that a disk that hangs holds up no end of the process.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, mpsc},
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

/// What a thread is given to do with its connection, or to tell why there is none.
type Job = Box<dyn FnOnce(Result<&Connection, &rusqlite::Error>) + Send>;

/// The reading half of a ledger.
pub(super) struct Readers {
    path: PathBuf,
    places: Semaphore,
    idle: Mutex<Vec<Reader>>,
}

/// A thread with a connection, which ends with this.
struct Reader {
    jobs: mpsc::Sender<Job>,
    ended: oneshot::Receiver<()>,
}

impl Readers {
    /// Opens nothing yet.
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            places: Semaphore::new(READERS),
            idle: Mutex::default(),
        }
    }

    /// What `read` finds.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, BookError> {
        let Ok(Ok(_place)) = timeout(WAIT, self.places.acquire()).await else {
            let cause = "other reads of this process take longer than 30 seconds";
            return Err(unreached("read", &self.path, cause, remedy::BUSY));
        };
        let idle = self.idle().pop();
        let reader = idle.map_or_else(|| Reader::start(&self.path), Ok)?;
        let (answer, answered) = oneshot::channel();
        let path = self.path.clone();
        let job: Job = Box::new(move |connection| {
            let failed = |error: &rusqlite::Error| unreachable("read", &path, error);
            let found = match connection {
                Ok(connection) => read(connection).map_err(|error| failed(&error)),
                Err(error) => Err(failed(error)),
            };
            // Nobody may be there any more.
            drop(answer.send(found));
        });
        // A thread that is gone drops the job, and so the answer.
        drop(reader.jobs.send(job));
        let Ok(found) = answered.await else {
            let cause = "the thread that was reading is gone";
            return Err(unreached("read", &self.path, cause, remedy::AGAIN));
        };
        self.idle().push(reader);
        found
    }

    /// Closes every connection that is idle, and lets nobody read any more.
    pub(super) async fn close(&self) {
        self.places.close();
        let idle = std::mem::take(&mut *self.idle());
        for Reader { jobs, ended } in idle {
            drop(jobs);
            // It answers by its end.
            drop(ended.await);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        // Pushing and taking cannot leave it half done.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reader {
    fn start(path: &Path) -> Result<Self, BookError> {
        let (jobs, to_do) = mpsc::channel::<Job>();
        let (ending, ended) = oneshot::channel();
        let place = path.to_owned();
        started(path, "ledger-reader", move || {
            let connection = connection::to_read(&place);
            // A connection that could not be opened is opened anew for the next, by another thread.
            for job in to_do {
                job(connection.as_ref());
                if connection.is_err() {
                    break;
                }
            }
            drop((connection, ending));
        })?;
        Ok(Self { jobs, ended })
    }
}
