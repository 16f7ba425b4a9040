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
    event::{ChainedEvent, Event, EventKind, Subject},
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

    async fn text(&self, ledger: &SqliteBook, subject: &Subject) -> String {
        let body = "SELECT body FROM records WHERE subject = ?1";
        let found = raw(ledger.path()).query_row(body, [subject.to_string()], |row| row.get(0));
        found.expect("another program can read the file")
    }

    async fn plant(&self, ledger: &SqliteBook, subject: &Subject, body: &str) {
        let plant = "UPDATE records SET body = ?2 WHERE subject = ?1";
        let planted = raw(ledger.path()).execute(plant, [subject.to_string().as_str(), body]);
        planted.expect("another program can write to the file");
    }

    async fn plant_event(&self, ledger: &SqliteBook, event: &ChainedEvent, body: &str) {
        let plant = "INSERT INTO events (subject, seq, kind, at_ms, prev_hash, hash, body) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let planted = raw(ledger.path()).execute(
            plant,
            rusqlite::params![
                event.subject.to_string(),
                event.seq.cast_signed(),
                event.event.kind.as_str(),
                event.event.at.timestamp_millis(),
                event.prev_hash,
                event.hash,
                body,
            ],
        );
        planted.expect("another program can write to the file");
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
