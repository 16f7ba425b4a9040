//! SQLite ledgers in a directory of their own, and a second way in for damage.

mod crowd;
mod promises;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use ledger::{
    book::{
        Guard, Record, Write,
        contract::{Engine, sample},
        sqlite::SqliteBook,
    },
    clock::Clock,
    event::{Event, EventKind, Subject},
    identity::Identity,
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
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
        let mut connection = raw(ledger.path()).await;
        sqlx::query(spoil)
            .bind(subject.to_string())
            .execute(&mut connection)
            .await
            .expect("another program can write to the file");
        connection.close().await.expect("closed");
    }
}

/// The file as another program sees it.
pub(crate) async fn raw(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true);
    SqliteConnection::connect_with(&options)
        .await
        .expect("a SQLite file")
}

/// The first write of `record`, with the event that tells of it.
pub(crate) fn creation(record: Record) -> Write {
    let by = Identity::claimed("local", "me@host");
    Write {
        record,
        guard: Guard::Create,
        drop_claim: false,
        events: vec![Event::new(EventKind::Created, sample::at(0), by)],
    }
}
