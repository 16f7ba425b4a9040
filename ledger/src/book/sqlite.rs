//! The book in one SQLite file: the engine for one host, shared by any number of processes.
//!
//! Durability: write-ahead log and `synchronous = FULL`; what `put`, `claim` or `keep` answered survives a kill and a
//! power cut. Writes of one process go through one connection, in turn, and those that wait share a commit; between
//! processes `BEGIN IMMEDIATE` and a busy timeout decide. Reads have connections of their own and never wait for a
//! writer.
//! Time: SQLite's clock, never below the highest instant any write of this ledger has seen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use sqlx::{
    ConnectOptions as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    book::{
        Book, BookError, Claim, ClaimRequest, Listing, Make, Query, Reading, Record, Stored, Write,
        rules,
    },
    clock::Clock,
    event::{ChainedEvent, Subject},
    fact::Cause,
    id::Revision,
};

mod begin;
mod capsules;
mod file;
mod remedy;
mod rows;
mod schema;
mod writer;

use file::Origin;
use writer::Writer;

/// How long a write waits for another process's write.
const BUSY: Duration = Duration::from_secs(5);

/// How long a caller waits for this process's own connections.
const TURN: Duration = Duration::from_secs(30);

/// How many reads run at once.
const READERS: u32 = 4;

/// A ledger in a SQLite file.
pub struct SqliteBook {
    writer: Arc<Writer>,
    readers: SqlitePool,
}

impl SqliteBook {
    /// Opens the ledger at `path`; creates it (mode 0600) and the directories above it (mode 0700) if there is none. A
    /// file that is there and holds nothing is not filled: it may be what is left of a ledger.
    ///
    /// # Errors
    /// [`BookError::Unreachable`] with what was found: no permission, empty, not a ledger, written by a newer version.
    pub async fn open(path: &Path) -> Result<Self, BookError> {
        let (path, origin) = file::ensure(path)?;
        if origin == Origin::Found {
            file::require_content(&path).await?;
        }
        Self::connect(path, origin).await
    }

    /// Opens the ledger at `path`, and never creates one: a reader that created an empty ledger would take its silence
    /// for an answer.
    ///
    /// # Errors
    /// [`BookError::Unreachable`] if there is no file, or as for [`Self::open`].
    pub async fn open_existing(path: &Path) -> Result<Self, BookError> {
        let path = file::require_content(path).await?;
        Self::connect(path, Origin::Found).await
    }

    /// The same ledger with `clock` in the place of SQLite's own, for simulations. It is still never below the highest
    /// instant any write has seen, so a simulated past needs a fresh ledger.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        let Writer { path, options, .. } = &*self.writer;
        Self {
            writer: Arc::new(Writer::new(
                path.clone(),
                options.clone(),
                Some(clock),
                None,
            )),
            ..self
        }
    }

    /// Where the file is, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.writer.path
    }

    /// Waits for what is under way and closes every connection. Nothing is lost without it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn connect(path: PathBuf, origin: Origin) -> Result<Self, BookError> {
        let failed = |error: sqlx::Error| unreachable("open", &path, &error);
        file::warn_if_on_network(&path);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let mut connection = options.connect().await.map_err(failed)?;
        schema::bring_up_to_date(&mut connection, origin)
            .await
            .map_err(|error| BookError::Unreachable {
                doing: "open",
                place: path.display().to_string(),
                cause: Cause(error.to_string()),
                remedy: error.remedy(),
            })?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(TURN)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options.clone().pragma("query_only", "ON"));
        Ok(Self {
            writer: Arc::new(Writer::new(path, options, None, Some(connection))),
            readers,
        })
    }

    fn failed(&self, doing: &'static str, error: &sqlx::Error) -> BookError {
        self.writer.failed(doing, error)
    }
}

impl std::fmt::Debug for SqliteBook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteBook")
            .field("path", &self.writer.path)
            .finish_non_exhaustive()
    }
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
        remedy: remedy::of_sqlite(error),
    }
}

#[async_trait]
impl Book for SqliteBook {
    async fn reading(&self) -> Result<Reading, BookError> {
        let failed = |error: sqlx::Error| self.failed("read", &error);
        let mut connection = self.readers.acquire().await.map_err(failed)?;
        let (ledger, millis) = schema::reading(&mut connection, self.writer.injected())
            .await
            .map_err(failed)?;
        let now = self.writer.observed(millis)?;
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
        Ok(self.writer.put(write).await?.revision)
    }

    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError> {
        let written = self.writer.create(make).await?;
        Ok((written.record, written.reading))
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        let failed = |error: sqlx::Error| self.failed("write", &error);
        let subject = &request.subject;
        let (mut turn, (head, _)) = self.writer.turn(Some(subject)).await?;
        let head = head.transpose().map_err(|cause| corrupt(subject, cause))?;
        let claim = match rules::grant(request, head.as_ref(), turn.reading.now) {
            Ok(claim) => claim,
            Err(refusal) => {
                turn.leave().await?;
                return Err(refusal);
            }
        };
        rows::set_claim(&mut turn.connection, subject, &claim)
            .await
            .map_err(failed)?;
        let row = rows::row(&mut turn.connection, subject)
            .await
            .map_err(failed)?
            .ok_or_else(|| BookError::Missing {
                subject: subject.to_string(),
            })?;
        // A record nobody can read is not claimed: the error drops the turn.
        let stored = stored(subject, row)?;
        turn.commit().await?;
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

fn stored(subject: &Subject, row: rows::Row) -> Result<Stored, BookError> {
    row.into_stored().map_err(|cause| corrupt(subject, cause))
}

fn corrupt(subject: &Subject, cause: Cause) -> BookError {
    BookError::Corrupt {
        subject: subject.to_string(),
        cause,
    }
}

fn corrupt_clock(millis: i64) -> BookError {
    BookError::Corrupt {
        subject: "the ledger's clock".to_owned(),
        cause: Cause(format!(
            "{millis} milliseconds since 1970 is no point in time"
        )),
    }
}

#[cfg(test)]
mod tests;
