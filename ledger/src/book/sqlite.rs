//! The book in one SQLite file: the engine for one host, shared by any number of processes.
//!
//! Durability: write-ahead log and `synchronous = FULL`; what `put`, `claim` or `keep` answered survives a kill and a
//! power cut. Writes of one process go through one connection, in turn; between processes `BEGIN IMMEDIATE` and a busy
//! timeout decide. Reads have connections of their own and never wait for a writer.
//! Time: SQLite's clock, never below the highest instant any write of this ledger has seen.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions, Sqlite, SqliteConnection, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    book::{Book, BookError, Claim, ClaimRequest, Listing, Query, Reading, Stored, Write, rules},
    clock::{Clock, Timestamp, from_millis, to_millis},
    event::{ChainedEvent, Subject},
    fact::Cause,
    id::Revision,
};

mod capsules;
mod file;
mod rows;
mod schema;

/// How long a write waits for another process's write.
const BUSY: Duration = Duration::from_secs(5);

/// How long a caller waits for this process's own connections.
const TURN: Duration = Duration::from_secs(30);

/// How many reads run at once.
const READERS: u32 = 4;

/// A ledger in a SQLite file.
pub struct SqliteBook {
    path: PathBuf,
    writer: SqlitePool,
    readers: SqlitePool,
    clock: Option<Arc<dyn Clock>>,
    /// The highest instant answered so far, in milliseconds.
    floor: AtomicI64,
}

impl SqliteBook {
    /// Opens the ledger at `path`; creates it (mode 0600) and the directories above it (mode 0700) if there is none.
    ///
    /// # Errors
    /// [`BookError::Unreachable`] with what was found: no permission, not a ledger, written by a newer version.
    pub async fn open(path: &Path) -> Result<Self, BookError> {
        let path = file::ensure(path)?;
        Self::connect(path).await
    }

    /// Opens the ledger at `path`, and never creates one: a reader that created an empty ledger would take its silence
    /// for an answer.
    ///
    /// # Errors
    /// [`BookError::Unreachable`] if there is no file, or as for [`Self::open`].
    pub async fn open_existing(path: &Path) -> Result<Self, BookError> {
        let path = file::require(path)?;
        Self::connect(path).await
    }

    /// The same ledger with `clock` in the place of SQLite's own, for simulations. It is still never below the highest
    /// instant any write has seen, so a simulated past needs a fresh ledger.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self {
            clock: Some(clock),
            floor: AtomicI64::new(0),
            ..self
        }
    }

    /// Where the file is, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Waits for what is under way and closes every connection. Nothing is lost without it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn connect(path: PathBuf) -> Result<Self, BookError> {
        let failed = |error: sqlx::Error| unreachable("open", &path, &error);
        file::warn_if_on_network(&path);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        let mut connection = writer.acquire().await.map_err(failed)?;
        schema::bring_up_to_date(&mut connection)
            .await
            .map_err(|error| BookError::Unreachable {
                doing: "open",
                place: path.display().to_string(),
                cause: Cause(error.to_string()),
            })?;
        drop(connection);
        let readers = pool(READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self {
            path,
            writer,
            readers,
            clock: None,
            floor: AtomicI64::new(0),
        })
    }

    fn failed(&self, doing: &'static str, error: &sqlx::Error) -> BookError {
        unreachable(doing, &self.path, error)
    }

    /// Begins a write: from here to the commit no other process writes.
    async fn begin(&self) -> Result<(Transaction<'static, Sqlite>, Timestamp), BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let mut transaction = self
            .writer
            .begin_with("BEGIN IMMEDIATE")
            .await
            .map_err(failed)?;
        let millis = schema::tick(&mut transaction, self.injected(), self.floor())
            .await
            .map_err(failed)?;
        let now = self.observed(millis)?;
        Ok((transaction, now))
    }

    async fn commit(&self, transaction: Transaction<'static, Sqlite>) -> Result<(), BookError> {
        transaction
            .commit()
            .await
            .map_err(|error| self.failed("write", &error))
    }

    fn injected(&self) -> Option<i64> {
        self.clock.as_ref().map(|clock| to_millis(clock.now()))
    }

    fn floor(&self) -> i64 {
        self.floor.load(Ordering::SeqCst)
    }

    /// `millis`, or what was answered before if that is later.
    fn observed(&self, millis: i64) -> Result<Timestamp, BookError> {
        let before = self.floor.fetch_max(millis, Ordering::SeqCst);
        from_millis(before.max(millis)).ok_or_else(|| BookError::Corrupt {
            subject: "the ledger's clock".to_owned(),
            cause: Cause(format!(
                "{millis} milliseconds since 1970 is no point in time"
            )),
        })
    }
}

impl std::fmt::Debug for SqliteBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteBook")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(TURN)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

fn unreachable(doing: &'static str, path: &Path, error: &sqlx::Error) -> BookError {
    let cause = match error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    };
    BookError::Unreachable {
        doing,
        place: path.display().to_string(),
        cause: Cause(cause),
    }
}

#[async_trait]
impl Book for SqliteBook {
    async fn reading(&self) -> Result<Reading, BookError> {
        let failed = |error: sqlx::Error| self.failed("read", &error);
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let (ledger, millis) = schema::reading(&mut connection, self.injected())
            .await
            .map_err(failed)?;
        let now = self.observed(millis)?;
        Ok(Reading { ledger, now })
    }

    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError> {
        let failed = |error: sqlx::Error| self.failed("read", &error);
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let row = rows::row(&mut connection, subject).await.map_err(failed)?;
        row.map(|row| stored(subject, row)).transpose()
    }

    async fn find(&self, query: &Query) -> Result<Listing, BookError> {
        let failed = |error: sqlx::Error| self.failed("read", &error);
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let mut listing = Listing::default();
        for row in rows::matching(&mut connection, query)
            .await
            .map_err(failed)?
        {
            let subject = row.subject.clone();
            match row.into_stored() {
                Ok(stored) => listing.records.push(stored),
                Err(cause) => listing.unreadable.push((subject, cause)),
            }
        }
        Ok(listing)
    }

    async fn put(&self, write: Write) -> Result<Revision, BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let subject = write.record.subject();
        let (mut transaction, now) = self.begin().await?;
        let head = head(&mut transaction, &subject, failed).await?;
        let revision = rules::admit(write.guard, &subject, head.as_ref(), now)?;
        let written = match head {
            None => rows::insert(&mut transaction, &write.record, revision).await,
            Some(_) => {
                rows::update(&mut transaction, &write.record, revision, write.drop_claim).await
            }
        };
        written.map_err(|error| match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                rules::name_is_taken(&write.record)
            }
            _ => failed(error),
        })?;
        rows::append(&mut transaction, &subject, write.events)
            .await
            .map_err(failed)?;
        self.commit(transaction).await?;
        Ok(revision)
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let subject = &request.subject;
        let (mut transaction, now) = self.begin().await?;
        let head = head(&mut transaction, subject, failed).await?;
        let claim = rules::grant(request, head.as_ref(), now)?;
        rows::set_claim(&mut transaction, subject, &claim)
            .await
            .map_err(failed)?;
        let row = rows::row(&mut transaction, subject)
            .await
            .map_err(failed)?
            .ok_or_else(|| BookError::Missing {
                subject: subject.to_string(),
            })?;
        // A record nobody can read is not claimed: the error drops the transaction.
        let stored = stored(subject, row)?;
        self.commit(transaction).await?;
        Ok((claim, stored))
    }

    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError> {
        let failed = |error: sqlx::Error| self.failed("read", &error);
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        rows::events(&mut connection, subject)
            .await
            .map_err(failed)?
            .into_iter()
            .map(|row| {
                let subject = format!("event {} of {}", row.seq, row.subject);
                row.into_chained()
                    .map_err(|cause| BookError::Corrupt { subject, cause })
            })
            .collect()
    }
}

async fn head(
    connection: &mut SqliteConnection,
    subject: &Subject,
    failed: impl Fn(sqlx::Error) -> BookError,
) -> Result<Option<rules::Head>, BookError> {
    let head = rows::head(connection, subject).await.map_err(failed)?;
    head.transpose().map_err(|cause| corrupt(subject, cause))
}

fn stored(subject: &Subject, row: rows::Row) -> Result<Stored, BookError> {
    row.into_stored().map_err(|cause| corrupt(subject, cause))
}

fn corrupt(subject: &Subject, cause: Cause) -> BookError {
    BookError::Corrupt {
        subject: subject.to_string(),
        cause,
    }
}

#[cfg(test)]
mod tests;
