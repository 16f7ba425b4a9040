//! The one connection that writes, and the queue before it: what waits while a commit is on its way to the disk goes
//! into the next one together, so that a crowd of writers pays for a few commits and not for one each.
//!
//! It knows transactions and turns; what a write may do is decided by the rules, what it looks like by the rows.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use sqlx::{Acquire as _, Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::sync::oneshot;

use super::{corrupt_clock, head, rows, schema, unreachable};
use crate::{
    book::{BookError, Write, rules},
    clock::{Clock, Timestamp, from_millis, to_millis},
    fact::Cause,
    id::Revision,
};

/// The most that one commit takes, so that the first of a crowd does not wait for all of it.
const MOST_AT_ONCE: usize = 256;

type Answer = Result<Revision, BookError>;

/// A write, and who waits for its answer.
type Waiting = (Write, oneshot::Sender<Answer>);

/// The writing half of a ledger.
pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) pool: SqlitePool,
    clock: Option<Arc<dyn Clock>>,
    /// The highest instant answered so far, in milliseconds.
    floor: AtomicI64,
    waiting: Mutex<Vec<Waiting>>,
    /// Whoever holds it writes what waits.
    turn: tokio::sync::Mutex<()>,
}

/// Why a write did not happen.
enum Failure {
    /// It alone: its condition did not hold, or it is about something unreadable.
    Refused(BookError),
    /// The store: nothing of this transaction can be trusted to be kept.
    Store(sqlx::Error),
}

impl Writer {
    pub(super) fn new(path: PathBuf, pool: SqlitePool, clock: Option<Arc<dyn Clock>>) -> Self {
        Self {
            path,
            pool,
            clock,
            floor: AtomicI64::new(0),
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        }
    }

    /// Writes with whatever else waits, and answers once it is durable.
    ///
    /// The work is a task of its own: a caller that goes away takes nobody else's write with it.
    pub(super) async fn put(self: &Arc<Self>, write: Write) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.queue().push((write, answer));
        let writer = Arc::clone(self);
        tokio::spawn(async move { writer.write_what_waits().await });
        answered.await.unwrap_or_else(|_| {
            Err(BookError::Unreachable {
                doing: "write",
                place: self.path.display().to_string(),
                cause: Cause(
                    "the process ended while it was writing; read the ledger to see whether it is there"
                        .to_owned(),
                ),
            })
        })
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        // Pushing and taking cannot leave it half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_what_waits(&self) {
        let _turn = self.turn.lock().await;
        let batch: Vec<Waiting> = {
            let mut queue = self.queue();
            let most = queue.len().min(MOST_AT_ONCE);
            queue.drain(..most).collect()
        };
        // Each write brings a task of its own, so whatever is left is taken by one that stands behind this.
        if !batch.is_empty() {
            self.write_all(batch).await;
        }
    }

    async fn write_all(&self, batch: Vec<Waiting>) {
        let (writes, waiting): (Vec<Write>, Vec<_>) = batch.into_iter().unzip();
        let count = writes.len();
        let answers = match self.in_one_transaction(writes).await {
            Ok(answers) => answers,
            // A transaction that was lost is lost for each of those who were in it.
            Err(error) => vec![Err(error); count],
        };
        for (waiting, answer) in waiting.into_iter().zip(answers) {
            // Nobody may be there any more; what was written is written.
            drop(waiting.send(answer));
        }
    }

    async fn in_one_transaction(&self, writes: Vec<Write>) -> Result<Vec<Answer>, BookError> {
        let (mut transaction, now) = self.begin().await?;
        let mut answers = Vec::with_capacity(writes.len());
        for write in writes {
            match one(&mut transaction, write, now).await {
                Ok(revision) => answers.push(Ok(revision)),
                Err(Failure::Refused(error)) => answers.push(Err(error)),
                Err(Failure::Store(error)) => return Err(self.failed("write", &error)),
            }
        }
        self.commit(transaction).await?;
        Ok(answers)
    }

    pub(super) fn failed(&self, doing: &'static str, error: &sqlx::Error) -> BookError {
        unreachable(doing, &self.path, error)
    }

    /// Begins a write: from here to the commit no other process writes.
    pub(super) async fn begin(
        &self,
    ) -> Result<(Transaction<'static, Sqlite>, Timestamp), BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let mut transaction = self
            .pool
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(failed)?;
        let floor = self.floor.load(Ordering::SeqCst);
        let millis = schema::tick(&mut transaction, self.injected(), floor)
            .await
            .map_err(failed)?;
        let now = self.observed(millis)?;
        Ok((transaction, now))
    }

    pub(super) async fn commit(
        &self,
        transaction: Transaction<'static, Sqlite>,
    ) -> Result<(), BookError> {
        transaction
            .commit()
            .await
            .map_err(|error| self.failed("write", &error))
    }

    /// What the clock in the place of SQLite's says, in milliseconds.
    pub(super) fn injected(&self) -> Option<i64> {
        self.clock.as_ref().map(|clock| to_millis(clock.now()))
    }

    /// `millis`, or what was answered before if that is later.
    pub(super) fn observed(&self, millis: i64) -> Result<Timestamp, BookError> {
        let before = self.floor.fetch_max(millis, Ordering::SeqCst);
        from_millis(before.max(millis)).ok_or_else(|| corrupt_clock(millis))
    }
}

/// One write inside the transaction; if it is refused, nothing of it stays.
async fn one(
    transaction: &mut Transaction<'static, Sqlite>,
    write: Write,
    now: Timestamp,
) -> Result<Revision, Failure> {
    let mut savepoint = transaction.begin().await.map_err(Failure::Store)?;
    match put(&mut savepoint, write, now).await {
        Ok(revision) => {
            savepoint.commit().await.map_err(Failure::Store)?;
            Ok(revision)
        }
        Err(failure) => {
            savepoint.rollback().await.map_err(Failure::Store)?;
            Err(failure)
        }
    }
}

async fn put(
    connection: &mut SqliteConnection,
    write: Write,
    now: Timestamp,
) -> Result<Revision, Failure> {
    let subject = write.record.subject();
    let head = head(connection, &subject)
        .await
        .map_err(Failure::Store)?
        .transpose()
        .map_err(Failure::Refused)?;
    let revision =
        rules::admit(write.guard, &subject, head.as_ref(), now).map_err(Failure::Refused)?;
    let written = match head {
        None => rows::insert(connection, &write.record, revision).await,
        Some(_) => rows::update(connection, &write.record, revision, write.drop_claim).await,
    };
    written.map_err(|error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => {
            Failure::Refused(rules::name_is_taken(&write.record))
        }
        _ => Failure::Store(error),
    })?;
    rows::append(connection, &subject, write.events)
        .await
        .map_err(Failure::Store)?;
    Ok(revision)
}
