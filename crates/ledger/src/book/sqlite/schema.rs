//! The tables, their versions, and the row that says which ledger this is and how late it is there.

use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior, ffi};

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
/// tables of the process that created the file.
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
    #[error("{}", super::message(.0))]
    Sqlite(#[from] rusqlite::Error),
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

/// Creates the tables in a file that this process created, or converts them; refuses, unchanged, what is not a ledger or
/// is newer than this software. A file without tables that was there before may be what is left of a ledger.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    origin: Origin,
) -> Result<(), SchemaError> {
    let mut attempt = 1;
    loop {
        match try_once(connection, origin) {
            Err(SchemaError::Empty) if attempt < ATTEMPTS => {}
            Err(SchemaError::Sqlite(error)) if is_busy(&error) && attempt < ATTEMPTS => {}
            outcome => return outcome,
        }
        attempt += 1;
        std::thread::sleep(PAUSE);
    }
}

fn try_once(connection: &mut Connection, origin: Origin) -> Result<(), SchemaError> {
    match version(connection)? {
        VERSION => return Ok(()),
        0 if origin == Origin::Found => return Err(SchemaError::Empty),
        _ => {}
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again: another process may have been faster.
    let found = version(&transaction)?;
    if found == 0 {
        transaction.execute_batch(FIRST)?;
        let now = "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)";
        let millis = transaction.query_row(now, [], |columns| columns.get(0))?;
        // Nothing was written yet, so nothing has been seen: an injected clock may stand anywhere.
        transaction.execute(
            "INSERT INTO meta (only, ledger, last_seen_ms) VALUES (1, ?1, 0)",
            [crate::id::fresh_ledger_id(millis)],
        )?;
    }
    if found < 2 {
        transaction.execute_batch(SECOND)?;
    }
    transaction.commit()?;
    Ok(())
}

/// The version of a ledger's tables, 0 for a file that holds nothing yet.
fn version(connection: &Connection) -> Result<i64, SchemaError> {
    let (application, found, tables): (i64, i64, i64) = connection.query_row(
        "SELECT (SELECT application_id FROM pragma_application_id), \
                (SELECT user_version FROM pragma_user_version), \
                (SELECT count(*) FROM sqlite_schema)",
        [],
        |columns| Ok((columns.get(0)?, columns.get(1)?, columns.get(2)?)),
    )?;
    match (application, found, tables) {
        (0, 0, 0) => Ok(0),
        (APPLICATION, 1..=VERSION, _) => Ok(found),
        (APPLICATION, found, _) if VERSION < found => Err(SchemaError::Newer { found }),
        _ => Err(SchemaError::Foreign),
    }
}

/// `SQLITE_BUSY` and its extended codes.
fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ffi::ErrorCode::DatabaseBusy)
}

/// The ledger's id and its clock; nothing is noted.
pub(super) fn reading(
    connection: &Connection,
    injected: Option<i64>,
) -> rusqlite::Result<(String, i64)> {
    connection
        .prepare_cached(
            "SELECT ledger, \
             max(last_seen_ms, coalesce(?1, CAST(unixepoch('subsec') * 1000 AS INTEGER))) \
             FROM meta WHERE only = 1",
        )?
        .query_row([injected], |columns| Ok((columns.get(0)?, columns.get(1)?)))
}

/// Notes that the ledger has seen `millis`, which is not below what it has seen.
///
/// In one statement with [`reading`], by `RETURNING`, SQLite would write a journal of its own for that statement, of
/// 64 KiB: it takes it for one that changes many rows.
pub(super) fn note(connection: &Connection, millis: i64) -> rusqlite::Result<()> {
    let seen = "UPDATE meta SET last_seen_ms = ?1 WHERE only = 1";
    super::rows::execute(connection, seen, [millis])
}
