//! A connection to the ledger's file, with the settings that its promises rest on.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

/// How long a write waits for another process's write.
const BUSY: Duration = Duration::from_secs(5);

/// More statements than there are here, so that each is prepared once.
const STATEMENTS: usize = 32;

/// A connection that reads and writes. It creates no file.
pub(super) fn to_write(path: &Path) -> rusqlite::Result<Connection> {
    // Each connection stays on one thread, so it needs no lock of its own.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn to_read(path: &Path) -> rusqlite::Result<Connection> {
    let connection = to_write(path)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}
