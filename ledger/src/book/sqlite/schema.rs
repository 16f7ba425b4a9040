//! The tables, their versions, and the row that says which ledger this is and how late it is there.

use std::time::Duration;

use sqlx::{Connection, SqliteConnection};

use super::{file::Origin, remedy};

/// The version these tables have, in `PRAGMA user_version`.
pub(super) const VERSION: i64 = 2;

/// "EPHL": says that a SQLite file is a ledger, in `PRAGMA application_id`.
pub(super) const APPLICATION: i64 = 0x4550_484C;

/// From nothing to version 1.
const FIRST: &str = "
CREATE TABLE meta (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    ledger TEXT NOT NULL,
    last_seen_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE records (
    subject TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('environment', 'lease', 'scope')),
    name TEXT,
    generation INTEGER,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    rev INTEGER NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0,
    claim_holder TEXT,
    claim_until_ms INTEGER,
    body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_name ON records (kind, name, generation) WHERE name IS NOT NULL;
CREATE INDEX records_living ON records (kind, live);
CREATE TABLE events (
    subject TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (subject, seq)
) STRICT;
CREATE TABLE capsules (
    sha256 TEXT NOT NULL PRIMARY KEY,
    packed BLOB NOT NULL
) STRICT;
PRAGMA application_id = 1162889292;
PRAGMA user_version = 1;
";

/// From version 1 to version 2: runs. SQLite cannot change a check, so the table is made anew around its rows. The new
/// version also keeps out software that knows no runs, and would destroy what a run is at work on.
const SECOND: &str = "
CREATE TABLE records_anew (
    subject TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('environment', 'lease', 'scope', 'run')),
    name TEXT,
    generation INTEGER,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    rev INTEGER NOT NULL,
    fence INTEGER NOT NULL DEFAULT 0,
    claim_holder TEXT,
    claim_until_ms INTEGER,
    body TEXT NOT NULL
) STRICT;
INSERT INTO records_anew (subject, kind, name, generation, live, rev, fence, claim_holder, claim_until_ms, body)
    SELECT subject, kind, name, generation, live, rev, fence, claim_holder, claim_until_ms, body FROM records;
DROP TABLE records;
ALTER TABLE records_anew RENAME TO records;
CREATE UNIQUE INDEX records_name ON records (kind, name, generation) WHERE name IS NOT NULL;
CREATE INDEX records_living ON records (kind, live);
PRAGMA user_version = 2;
";

/// How often it is tried again where SQLite does not wait: for a lock while changing to the write-ahead log, and for the
/// tables of whoever created the file.
const ATTEMPTS: u32 = 100;

/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(50);

/// Why a SQLite file is not opened as a ledger.
#[derive(Debug, thiserror::Error)]
pub(super) enum SchemaError {
    #[error("this is a SQLite file without any table, so there is no ledger in it")]
    Empty,
    #[error("this is a SQLite file of another program, not a ledger")]
    Foreign,
    #[error(
        "its tables have version {found} and were written by a newer version of this software; this one knows up to \
         version {VERSION}"
    )]
    Newer { found: i64 },
    #[error("{}", message(.0))]
    Sqlite(#[from] sqlx::Error),
}

impl SchemaError {
    /// What a person can do.
    pub(super) fn remedy(&self) -> &'static str {
        match self {
            Self::Empty => remedy::EMPTY,
            Self::Foreign => remedy::FOREIGN,
            Self::Newer { .. } => remedy::NEWER,
            Self::Sqlite(error) => remedy::of_sqlite(error),
        }
    }
}

fn message(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(database) => database.message().to_owned(),
        other => other.to_string(),
    }
}

/// Creates the tables in a file that this process created, or converts them; refuses, unchanged, what is not a ledger or
/// is newer than this software. A file without tables that was there before may be what is left of a ledger.
pub(super) async fn bring_up_to_date(
    connection: &mut SqliteConnection,
    origin: Origin,
) -> Result<(), SchemaError> {
    let mut attempt = 1;
    loop {
        match try_once(connection, origin).await {
            Err(SchemaError::Empty) if attempt < ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            Err(SchemaError::Sqlite(error)) if is_busy(&error) && attempt < ATTEMPTS => {
                attempt += 1;
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

async fn try_once(connection: &mut SqliteConnection, origin: Origin) -> Result<(), SchemaError> {
    match version(connection).await? {
        VERSION => return Ok(()),
        0 if origin == Origin::Found => return Err(SchemaError::Empty),
        _ => {}
    }
    sqlx::query("PRAGMA journal_mode = WAL")
        .execute(&mut *connection)
        .await?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    // Asked again: another process may have been faster.
    let found = version(&mut transaction).await?;
    if found == 0 {
        sqlx::raw_sql(FIRST).execute(&mut *transaction).await?;
        let millis: i64 = sqlx::query_scalar("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)")
            .fetch_one(&mut *transaction)
            .await?;
        // Nothing was written yet, so nothing has been seen: an injected clock may stand anywhere.
        sqlx::query("INSERT INTO meta (only, ledger, last_seen_ms) VALUES (1, ?1, 0)")
            .bind(crate::book::rules::fresh_ledger_id(millis))
            .execute(&mut *transaction)
            .await?;
    }
    if found < 2 {
        sqlx::raw_sql(SECOND).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// The version of a ledger's tables, 0 for a file that holds nothing yet.
async fn version(connection: &mut SqliteConnection) -> Result<i64, SchemaError> {
    let (application, found, tables): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT application_id FROM pragma_application_id), \
                (SELECT user_version FROM pragma_user_version), \
                (SELECT count(*) FROM sqlite_schema)",
    )
    .fetch_one(connection)
    .await?;
    match (application, found, tables) {
        (0, 0, 0) => Ok(0),
        (APPLICATION, 1..=VERSION, _) => Ok(found),
        (APPLICATION, found, _) if VERSION < found => Err(SchemaError::Newer { found }),
        _ => Err(SchemaError::Foreign),
    }
}

/// `SQLITE_BUSY` and its extended codes.
fn is_busy(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else {
        return false;
    };
    database
        .code()
        .and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

/// The ledger's id and its clock; nothing is noted.
pub(super) async fn reading(
    connection: &mut SqliteConnection,
    injected: Option<i64>,
) -> sqlx::Result<(String, i64)> {
    sqlx::query_as(
        "SELECT ledger, \
         max(last_seen_ms, coalesce(?1, CAST(unixepoch('subsec') * 1000 AS INTEGER))) \
         FROM meta",
    )
    .bind(injected)
    .fetch_one(connection)
    .await
}
