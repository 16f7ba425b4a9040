//! What only the connections themselves can tell.

use super::{transaction::Failure, *};

async fn opened() -> (tempfile::TempDir, SqliteBook) {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    (directory, book)
}

async fn setting<T: rusqlite::types::FromSql + Send + 'static>(
    book: &SqliteBook,
    name: &'static str,
) -> T {
    let value = book.writer.write(move |transaction| {
        let value = transaction
            .connection
            .pragma_query_value(None, name, |columns| columns.get(0));
        Ok(value?)
    });
    value.await.expect("a setting")
}

#[tokio::test]
async fn what_was_answered_survives_a_power_cut() {
    let (_directory, book) = opened().await;
    assert_eq!(setting::<String>(&book, "journal_mode").await, "wal");
    // 2 is FULL: the log is synced before a commit is answered.
    assert_eq!(setting::<i64>(&book, "synchronous").await, 2);
}

#[tokio::test]
async fn what_reads_cannot_write() {
    let (_directory, book) = opened().await;
    let deleted = book
        .readers
        .read(|connection| connection.execute("DELETE FROM records", []));
    assert!(deleted.await.is_err());
}

/// Makes another ledger of it, in a transaction that comes to nothing.
fn spoil(transaction: &transaction::Transaction<'_>) {
    let changed = transaction
        .connection
        .execute("UPDATE meta SET ledger = 'another'", []);
    assert_eq!(changed.expect("written"), 1);
}

#[tokio::test]
async fn a_transaction_that_is_lost_leaves_nothing_and_holds_up_nobody() {
    let (_directory, book) = opened().await;
    let before = book.reading().await.expect("a ledger").ledger;
    let failed = book.writer.write::<()>(|transaction| {
        spoil(transaction);
        Err(Failure::Store(rusqlite::Error::InvalidQuery))
    });
    failed.await.expect_err("the store failed");
    let panicked = book.writer.write::<()>(|transaction| {
        spoil(transaction);
        panic!("a fault of this one");
    });
    panicked.await.expect_err("it is told");
    book.writer.write(|_| Ok(())).await.expect("the next write");
    assert_eq!(book.reading().await.expect("a ledger").ledger, before);
}

#[tokio::test]
async fn a_reader_that_panics_takes_no_other_read_with_it() {
    let (_directory, book) = opened().await;
    for _ in 0..10 {
        let panicked = book.readers.read::<()>(|_| panic!("a fault of this one"));
        panicked.await.expect_err("it is told");
    }
    book.reading().await.expect("the others read");
}

#[tokio::test]
async fn what_is_closed_is_told_to_whoever_comes_late() {
    let (directory, book) = opened().await;
    book.reading().await.expect("a ledger");
    book.close().await;
    for error in [
        book.reading().await.map(drop).expect_err("closed"),
        book.writer.write(|_| Ok(())).await.expect_err("closed"),
    ] {
        assert!(matches!(error, BookError::Unreachable { .. }), "{error}");
    }
    let left = directory.path().join("ledger.sqlite3-wal");
    assert!(
        !left.try_exists().expect("looked"),
        "the last one out empties the log"
    );
}
