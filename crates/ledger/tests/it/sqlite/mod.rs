//! SQLite ledgers in a directory of their own, and a second way in for damage.

mod crowd;
mod promises;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use ledger::{
    book::{
        Precondition, Record, Write,
        contract::{Engine, sample},
        sqlite::SqliteBook,
    },
    clock::Clock,
    event::{Event, EventKind, Subject},
    identity::Identity,
};
use rusqlite::Connection;
use tempfile::TempDir;

/// A directory for ledgers; it is removed at the end.
pub(crate) struct Sqlite(TempDir);

impl Sqlite {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a directory"))
    }
}

#[async_trait]
impl Engine for Sqlite {
    type Ledger = SqliteBook;

    async fn fresh(&self, clock: Arc<dyn Clock>) -> SqliteBook {
        let directory = TempDir::new_in(self.0.path()).expect("a directory").keep();
        SqliteBook::open(&directory.join("ledger.sqlite3"))
            .await
            .expect("a new ledger")
            .with_clock(clock)
    }

    async fn spoil(&self, ledger: &SqliteBook, subject: &Subject) {
        let spoil = "UPDATE records SET body = 'spoiled' WHERE subject = ?1";
        let spoilt = raw(ledger.path()).execute(spoil, [subject.to_string()]);
        spoilt.expect("another program can write to the file");
    }
}

/// The file as another program sees it.
pub(crate) fn raw(path: &Path) -> Connection {
    Connection::open(path).expect("a SQLite file")
}

/// The first write of `record`, with the event that tells of it.
pub(crate) fn creation(record: Record) -> Write {
    let by = Identity::claimed("local", "me@host");
    Write {
        record,
        precondition: Precondition::Create,
        drop_claim: false,
        events: vec![Event::new(EventKind::Created, sample::at(0), by)],
    }
}
