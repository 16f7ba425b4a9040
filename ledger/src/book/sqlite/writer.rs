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

use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::{
    sync::{MutexGuard, oneshot},
    time::timeout,
};

use super::{
    TURN,
    begin::begin,
    corrupt, corrupt_clock,
    rows::{self, Taken, Then},
    unreachable,
};
use crate::{
    book::{BookError, Guard, Make, Reading, Record, Write, rules},
    chain,
    clock::{Clock, Timestamp, from_millis, to_millis},
    event::Subject,
    fact::Cause,
    id::Revision,
};

/// The most that one commit takes, so that the first of a crowd does not wait for all of it.
const MOST_AT_ONCE: usize = 256;

/// What is wanted of the next transaction.
#[expect(
    clippy::large_enum_variant,
    reason = "a write is the common case, and few wait at a time"
)]
enum Ask {
    /// This write.
    Put(Write),
    /// A new record, made at the time of the transaction.
    Create(Make),
}

/// What was written.
pub(super) struct Written {
    pub(super) revision: Revision,
    pub(super) record: Record,
    /// Which ledger has it, and when it got it.
    pub(super) reading: Reading,
}

type Answer = Result<Written, BookError>;

/// What is wanted, and who waits for the answer.
type Waiting = (Ask, oneshot::Sender<Answer>);

/// The writing half of a ledger.
pub(super) struct Writer {
    pub(super) path: PathBuf,
    pub(super) options: SqliteConnectOptions,
    clock: Option<Arc<dyn Clock>>,
    /// The highest instant answered so far, in milliseconds.
    floor: AtomicI64,
    waiting: Mutex<Vec<Waiting>>,
    /// Whoever holds it writes. Empty before the first write, and after one that did not come to its end: such a
    /// connection is closed, which undoes what it began, and is never used again.
    place: tokio::sync::Mutex<Option<SqliteConnection>>,
}

/// A turn to write: a transaction during which nobody else writes. Dropped, it leaves nothing.
pub(super) struct Turn<'writer> {
    writer: &'writer Writer,
    place: MutexGuard<'writer, Option<SqliteConnection>>,
    pub(super) connection: SqliteConnection,
    /// The ledger and its time, the same for everything in this transaction.
    pub(super) reading: Reading,
}

/// What stands beside a record in the transaction that just began, and what its next event follows.
type Place = (rows::Beside, rows::Last);

/// Why a write did not happen.
enum Failure {
    /// It alone: its condition did not hold, or it is about something unreadable.
    Refused(BookError),
    /// The store: nothing of this transaction can be trusted to be kept.
    Store(sqlx::Error),
}

impl Writer {
    pub(super) fn new(
        path: PathBuf,
        options: SqliteConnectOptions,
        clock: Option<Arc<dyn Clock>>,
        connection: Option<SqliteConnection>,
    ) -> Self {
        Self {
            path,
            options,
            clock,
            floor: AtomicI64::new(0),
            waiting: Mutex::default(),
            place: tokio::sync::Mutex::new(connection),
        }
    }

    /// Writes with whatever else waits, and answers once it is durable.
    ///
    /// The work is a task of its own: a caller that goes away takes nobody else's write with it.
    pub(super) async fn put(self: &Arc<Self>, write: Write) -> Answer {
        self.ask(Ask::Put(write)).await
    }

    /// Writes what `make` makes of the reading of the transaction that writes it, likewise.
    pub(super) async fn create(self: &Arc<Self>, make: Make) -> Answer {
        self.ask(Ask::Create(make)).await
    }

    async fn ask(self: &Arc<Self>, ask: Ask) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.queue().push((ask, answer));
        let writer = Arc::clone(self);
        tokio::spawn(async move { writer.write_what_waits().await });
        let lost =
            "the process ended while it was writing; read the ledger to see whether it is there";
        answered
            .await
            .unwrap_or_else(|_| Err(self.unreachable(lost)))
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        // Pushing and taking cannot leave it half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn write_what_waits(&self) {
        let place = self.place.lock().await;
        let batch: Vec<Waiting> = {
            let mut queue = self.queue();
            let most = queue.len().min(MOST_AT_ONCE);
            queue.drain(..most).collect()
        };
        // Each write brings a task of its own, so whatever is left is taken by one that stands behind this.
        if batch.is_empty() {
            return;
        }
        let (asks, waiting): (Vec<Ask>, Vec<_>) = batch.into_iter().unzip();
        let count = asks.len();
        let answers = self.in_one_transaction(place, asks).await;
        // A transaction that was lost is lost for each of those who were in it.
        let answers =
            answers.unwrap_or_else(|error| (0..count).map(|_| Err(error.clone())).collect());
        for (waiting, answer) in waiting.into_iter().zip(answers) {
            // Nobody may be there any more; what was written is written.
            drop(waiting.send(answer));
        }
    }

    async fn in_one_transaction(
        &self,
        place: MutexGuard<'_, Option<SqliteConnection>>,
        asks: Vec<Ask>,
    ) -> Result<Vec<Answer>, BookError> {
        let first = match asks.first() {
            Some(Ask::Put(write)) => Some(write.record.subject()),
            Some(Ask::Create(_)) | None => None,
        };
        let (mut turn, beside) = self.begin(place, first.as_ref()).await?;
        let mut known = first.and(Some(beside));
        let count = asks.len();
        let mut answers = Vec::with_capacity(count);
        for (number, ask) in asks.into_iter().enumerate() {
            let then = if number + 1 == count {
                Then::Commit
            } else {
                Then::GoOn
            };
            match write(&mut turn, ask, known.take(), then).await {
                Ok(written) => answers.push(Ok(written)),
                Err(Failure::Refused(error)) => answers.push(Err(error)),
                Err(Failure::Store(error)) => return Err(self.failed("write", &error)),
            }
        }
        match answers.last() {
            // The last one has made them durable, unless it was refused.
            Some(Ok(_)) => turn.ended(),
            _ => turn.commit().await?,
        }
        Ok(answers)
    }

    pub(super) fn failed(&self, doing: &'static str, error: &sqlx::Error) -> BookError {
        unreachable(doing, &self.path, error)
    }

    fn unreachable(&self, cause: &str) -> BookError {
        BookError::Unreachable {
            doing: "write",
            place: self.path.display().to_string(),
            cause: Cause(cause.to_owned()),
            remedy: "run it again; if it happens again, check that the disk of the ledger answers",
        }
    }

    /// Waits for this process's own writes, then for those of others; answers what stands beside `subject`, too.
    pub(super) async fn turn(
        &self,
        subject: Option<&Subject>,
    ) -> Result<(Turn<'_>, Place), BookError> {
        let Ok(place) = timeout(TURN, self.place.lock()).await else {
            return Err(
                self.unreachable("other writes of this process take longer than 30 seconds")
            );
        };
        self.begin(place, subject).await
    }

    async fn begin<'writer>(
        &'writer self,
        mut place: MutexGuard<'writer, Option<SqliteConnection>>,
        subject: Option<&Subject>,
    ) -> Result<(Turn<'writer>, Place), BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let mut connection = match place.take() {
            Some(connection) => connection,
            None => self.options.connect().await.map_err(failed)?,
        };
        let floor = self.floor.load(Ordering::SeqCst);
        let begun = begin(&mut connection, self.injected(), floor, subject)
            .await
            .map_err(failed)?;
        let reading = Reading {
            now: self.observed(begun.millis)?,
            ledger: begun.ledger,
        };
        let turn = Turn {
            writer: self,
            place,
            connection,
            reading,
        };
        Ok((turn, (begun.beside, begun.last)))
    }

    /// Waits for what is under way and closes the connection.
    pub(super) async fn close(&self) {
        if let Some(connection) = self.place.lock().await.take() {
            // Nothing is begun, so there is nothing to lose.
            drop(connection.close().await);
        }
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

impl Turn<'_> {
    /// Makes everything durable.
    pub(super) async fn commit(self) -> Result<(), BookError> {
        self.end("COMMIT").await
    }

    /// Leaves everything as it was. A turn that is dropped does too, and costs a connection.
    pub(super) async fn leave(self) -> Result<(), BookError> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, how: &'static str) -> Result<(), BookError> {
        sqlx::query(how)
            .execute(&mut self.connection)
            .await
            .map_err(|error| self.writer.failed("write", &error))?;
        self.ended();
        Ok(())
    }

    /// Its last statement has ended it.
    fn ended(mut self) {
        *self.place = Some(self.connection);
    }
}

/// One write inside the transaction. If it is refused, nothing of it stays: a condition that does not hold is seen
/// before anything is written, and what another record has by the first statement, which SQLite then undoes.
///
/// `known` is what stands beside the record, if that was read already.
async fn write(
    turn: &mut Turn<'_>,
    ask: Ask,
    known: Option<Place>,
    then: Then,
) -> Result<Written, Failure> {
    match ask {
        Ask::Put(write) => put(turn, write, known, then).await,
        Ask::Create(make) => {
            let (record, events) = make(&turn.reading);
            let write = Write {
                record,
                guard: Guard::Create,
                drop_claim: false,
                events,
            };
            // A subject that was made just now stands beside nothing; if it does, the first statement finds out.
            put(turn, write, Some((None, None)), then).await
        }
    }
}

async fn put(
    turn: &mut Turn<'_>,
    write: Write,
    known: Option<Place>,
    then: Then,
) -> Result<Written, Failure> {
    let Turn {
        connection,
        reading,
        ..
    } = turn;
    let Write {
        record,
        guard,
        drop_claim,
        events,
    } = write;
    let subject = record.subject();
    let (head, last) = match known {
        Some(place) => place,
        None => rows::place(connection, &subject)
            .await
            .map_err(Failure::Store)?,
    };
    let head = head
        .transpose()
        .map_err(|cause| Failure::Refused(corrupt(&subject, cause)))?;
    let revision =
        rules::admit(guard, &subject, head.as_ref(), reading.now).map_err(Failure::Refused)?;
    let events = chain::link_all(&subject, last, events);
    let written = match head {
        None => rows::insert(connection, &record, revision, &events, then).await,
        Some(_) => rows::update(connection, &record, revision, drop_claim, &events, then).await,
    };
    match written {
        Ok(()) => Ok(Written {
            revision,
            record,
            reading: reading.clone(),
        }),
        Err(error) => Err(match rows::taken(&error) {
            Some(Taken::Name) => Failure::Refused(rules::name_is_taken(&record)),
            Some(Taken::Subject) => Failure::Refused(BookError::Exists {
                subject: subject.to_string(),
            }),
            None => Failure::Store(error),
        }),
    }
}
