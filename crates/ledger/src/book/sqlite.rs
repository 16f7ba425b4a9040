//! The book in one SQLite file: the engine for one host, shared by any number of processes.
//!
//! Durability: write-ahead log and `synchronous = FULL`; what `put`, `claim` or `keep` answered survives a kill and a
//! power cut. Writes of one process go through one connection, and those that wait share a commit; between
//! processes `BEGIN IMMEDIATE` and a busy timeout decide. Reads have connections of their own and never wait for a
//! writer. Every connection has a thread of its own.
//! Time: SQLite's clock, never below the highest instant any write of this ledger has seen.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;

use crate::{
    book::{
        Book, BookError, Claim, ClaimRequest, Ledger, Listing, Make, Missing, Query, Reading,
        Record, Stored, Write, engine::Engine,
    },
    clock::Clock,
    event::{ChainedEvent, Subject},
    fact::Cause,
    id::Revision,
};

mod blobs;
mod connection;
mod file;
pub(super) mod location;
mod readers;
mod remedy;
mod rows;
mod schema;
mod time;
mod transaction;
mod writer;

use file::Origin;
use readers::Readers;
use time::Time;
use writer::Writer;

/// The engine.
pub(super) const ENGINE: Engine = Engine {
    scheme: location::SCHEME,
    example: location::EXAMPLE,
    parse: location::parse,
    open: |location, missing| {
        Box::pin(async move {
            let path = location.file().unwrap_or(Path::new(""));
            let book = match missing {
                Missing::Create => SqliteBook::open(path).await?,
                Missing::Refuse => SqliteBook::open_existing(path).await?,
            };
            Ok(Arc::new(book) as Arc<dyn Ledger>)
        })
    },
};

/// How long a caller waits for this process's own connections.
const WAIT: Duration = Duration::from_secs(30);

/// A ledger in a SQLite file.
pub struct SqliteBook {
    path: PathBuf,
    time: Arc<Time>,
    writer: Writer,
    readers: Readers,
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
        self.time.take(clock);
        self
    }

    /// Where the file is, absolute.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    async fn connect(path: PathBuf, origin: Origin) -> Result<Self, BookError> {
        file::warn_if_on_network(&path);
        let time = Arc::new(Time::default());
        Ok(Self {
            writer: Writer::start(&path, origin, Arc::clone(&time)).await?,
            readers: Readers::new(path.clone()),
            path,
            time,
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

/// Starts a thread for a connection to the ledger at `path`. It is not the runtime's, so that one whose disk hangs holds
/// up no end of the process.
fn started(path: &Path, name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), BookError> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    let started = thread.spawn(work);
    started.map(drop).map_err(|error: io::Error| {
        unreached("open", path, error.to_string(), remedy::of_system(&error))
    })
}

fn unreachable(doing: &'static str, path: &Path, error: &rusqlite::Error) -> BookError {
    unreached(doing, path, message(error), remedy::of_sqlite(error))
}

fn unreached(
    doing: &'static str,
    path: &Path,
    cause: impl Into<String>,
    remedy: &'static str,
) -> BookError {
    BookError::Unreachable {
        doing,
        place: path.display().to_string(),
        cause: Cause(cause.into()),
        remedy,
    }
}

/// What SQLite says of `error`, without the statement.
fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        other => other.to_string(),
    }
}

#[async_trait]
impl Book for SqliteBook {
    async fn reading(&self) -> Result<Reading, BookError> {
        let injected = self.time.injected();
        let reading = move |connection: &_| schema::reading(connection, injected);
        let (ledger, millis) = self.readers.read(reading).await?;
        let now = self.time.observed(millis)?;
        Ok(Reading { ledger, now })
    }

    async fn get(&self, subject: &Subject) -> Result<Option<Stored>, BookError> {
        let wanted = subject.clone();
        let row = self
            .readers
            .read(move |connection| rows::row(connection, &wanted));
        let stored = row.await?.map(rows::Row::into_stored).transpose();
        stored.map_err(|cause| BookError::corrupt(subject, cause))
    }

    async fn find(&self, query: &Query) -> Result<Listing, BookError> {
        let wanted = query.clone();
        let matching = move |connection: &_| rows::matching(connection, &wanted);
        let mut listing = Listing::default();
        for row in self.readers.read(matching).await? {
            let subject = row.subject.clone();
            match row.into_stored() {
                Ok(stored) => listing.records.push(stored),
                Err(cause) => listing.unreadable.push((subject, cause)),
            }
        }
        Ok(listing)
    }

    async fn put(&self, write: Write) -> Result<Revision, BookError> {
        self.writer
            .write(|transaction| transaction.put(write))
            .await
    }

    async fn create(&self, make: Make) -> Result<(Record, Reading), BookError> {
        self.writer
            .write(|transaction| transaction.create(make))
            .await
    }

    async fn claim(&self, request: &ClaimRequest) -> Result<(Claim, Stored), BookError> {
        let request = request.clone();
        self.writer
            .write(move |transaction| transaction.claim(&request))
            .await
    }

    async fn events(&self, subject: Option<&Subject>) -> Result<Vec<ChainedEvent>, BookError> {
        let wanted = subject.cloned();
        let told = move |connection: &_| rows::events(connection, wanted.as_ref());
        let rows = self.readers.read(told).await?;
        rows.into_iter()
            .map(|row| {
                let subject = format!("event {} of {}", row.seq, row.subject);
                row.into_chained()
                    .map_err(|cause| BookError::corrupt(subject, cause))
            })
            .collect()
    }
}

#[async_trait]
impl Ledger for SqliteBook {
    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

#[cfg(test)]
mod tests;
