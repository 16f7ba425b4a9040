//! The one connection that writes, on a thread of its own, and the queue before it: what waits while a commit is on its
//! way to the disk goes into the next one together, so that a crowd of writers pays for a few commits and not for one
//! each. A write is one message to that thread and one back: every switch between threads costs as much as what SQLite
//! does in between.
//!
//! What a write may do in a transaction is not known here.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::{
    connection,
    file::Origin,
    remedy, schema, started,
    time::Time,
    transaction::{Failure, Transaction},
    unreachable, unreached,
};
use crate::book::BookError;

/// The most that one commit takes, so that the first of a crowd does not wait for all of it.
const MOST_AT_ONCE: usize = 256;

/// The writing half of a ledger. Its thread ends with it, once everything is written.
pub(super) struct Writer {
    path: PathBuf,
    messages: mpsc::Sender<Message>,
}

enum Message {
    Do(Job),
    /// Close the connection, answer, and end.
    Close(oneshot::Sender<()>),
}

/// Something that is wanted of the next transaction.
struct Job {
    work: Work,
    /// Told whether the transaction is durable.
    durable: oneshot::Sender<Result<(), BookError>>,
}

/// Does it, and keeps what comes of it. An error is one of the store: nothing of this transaction can be trusted to be kept.
type Work = Box<dyn FnOnce(&Transaction<'_>) -> rusqlite::Result<()> + Send>;

impl Writer {
    /// Opens the file, brings its tables up to date, and waits for what is to be written.
    pub(super) async fn start(
        path: &Path,
        origin: Origin,
        time: Arc<Time>,
    ) -> Result<Self, BookError> {
        let (messages, to_do) = mpsc::channel();
        let (opening, opened) = oneshot::channel();
        let thread = Thread {
            path: path.to_owned(),
            time,
            connection: None,
        };
        started(path, "ledger-writer", move || {
            thread.run(origin, opening, to_do)
        })?;
        opened.await.map_err(|_| lost("open", path))??;
        Ok(Self {
            path: path.to_owned(),
            messages,
        })
    }

    /// Does `work` in a transaction, with whatever else waits, and answers once it is durable. It is done even if the
    /// caller goes away.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, BookError> {
        let (outcome, found) = oneshot::channel();
        let (durable, written) = oneshot::channel();
        let work: Work = Box::new(move |transaction| {
            let done = match work(transaction) {
                Err(Failure::Store(error)) => return Err(error),
                Err(Failure::Refused(error)) => Err(error),
                Ok(done) => Ok(done),
            };
            // The caller may be gone; what was written is written.
            drop(outcome.send(done));
            Ok(())
        });
        // A thread that is gone drops the job, and so both answers.
        drop(self.messages.send(Message::Do(Job { work, durable })));
        let lost = |_| lost("write", &self.path);
        written.await.map_err(lost)??;
        found.await.map_err(lost)?
    }

    /// Waits for what is under way and closes the connection.
    pub(super) async fn close(&self) {
        let (closing, closed) = oneshot::channel();
        drop(self.messages.send(Message::Close(closing)));
        // A thread that is gone has closed it already.
        drop(closed.await);
    }
}

/// What the writing thread has.
struct Thread {
    path: PathBuf,
    time: Arc<Time>,
    /// None after a transaction that did not come to its end: such a connection is closed, which undoes what it began,
    /// and is never used again.
    connection: Option<Connection>,
}

impl Thread {
    fn run(
        mut self,
        origin: Origin,
        opening: oneshot::Sender<Result<(), BookError>>,
        to_do: mpsc::Receiver<Message>,
    ) {
        let opened = self.open(origin);
        let failed = opened.is_err();
        drop(opening.send(opened));
        if failed {
            return;
        }
        while let Ok(first) = to_do.recv() {
            let (batch, closing) = batch(first, &to_do);
            if !batch.is_empty() {
                self.write(batch);
            }
            if let Some(closing) = closing {
                drop(self.connection.take());
                // The caller may be gone.
                let _ = closing.send(());
                return;
            }
        }
    }

    fn open(&mut self, origin: Origin) -> Result<(), BookError> {
        let mut connection = connection::to_write(&self.path)
            .map_err(|error| unreachable("open", &self.path, &error))?;
        schema::bring_up_to_date(&mut connection, origin)
            .map_err(|error| unreached("open", &self.path, error.to_string(), error.remedy()))?;
        self.connection = Some(connection);
        Ok(())
    }

    fn write(&mut self, batch: Vec<Job>) {
        let jobs = batch.into_iter().map(|job| (job.work, job.durable));
        let (work, waiting): (Vec<_>, Vec<_>) = jobs.unzip();
        // A panic is a fault of one job. It takes this transaction with it, and not those that come after.
        let attempt = AssertUnwindSafe(|| self.in_one_transaction(work));
        let durable = catch_unwind(attempt).unwrap_or_else(|_| Err(lost("write", &self.path)));
        // A transaction that was lost is lost for each of those who were in it.
        for waiting in waiting {
            drop(waiting.send(durable.clone()));
        }
    }

    fn in_one_transaction(&mut self, batch: Vec<Work>) -> Result<(), BookError> {
        let failed = |error: rusqlite::Error| unreachable("write", &self.path, &error);
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connection::to_write(&self.path).map_err(failed)?,
        };
        let transaction =
            Transaction::begin(&connection, &self.time).map_err(|failure| match failure {
                Failure::Refused(error) => error,
                Failure::Store(error) => failed(error),
            })?;
        for work in batch {
            work(&transaction).map_err(failed)?;
        }
        transaction.commit().map_err(failed)?;
        self.connection = Some(connection);
        Ok(())
    }
}

/// What waits already, up to the most that one commit takes; and who waits for the end.
fn batch(
    first: Message,
    to_do: &mpsc::Receiver<Message>,
) -> (Vec<Job>, Option<oneshot::Sender<()>>) {
    let mut batch = Vec::new();
    let others = to_do.try_iter().take(MOST_AT_ONCE - 1);
    for message in std::iter::once(first).chain(others) {
        match message {
            Message::Do(job) => batch.push(job),
            Message::Close(closing) => return (batch, Some(closing)),
        }
    }
    (batch, None)
}

fn lost(doing: &'static str, path: &Path) -> BookError {
    let cause = "the thread that was writing is gone; read the ledger to see whether it is there";
    unreached(doing, path, cause, remedy::AGAIN)
}
