//! What only the connections themselves can tell.

use super::*;

async fn setting(book: &SqliteBook, pragma: &'static str) -> String {
    let (mut turn, _) = book.writer.turn(None).await.expect("nobody writes");
    let row = sqlx::query(pragma)
        .fetch_one(&mut turn.connection)
        .await
        .expect("a setting");
    sqlx::Row::try_get_unchecked(&row, 0).expect("a text")
}

#[tokio::test]
async fn what_was_answered_survives_a_power_cut() {
    let directory = tempfile::tempdir().expect("a directory");
    let book = SqliteBook::open(&directory.path().join("ledger.sqlite3"))
        .await
        .expect("new");
    assert_eq!(setting(&book, "PRAGMA journal_mode").await, "wal");
    // 2 is FULL: the log is synced before a commit is answered.
    assert_eq!(setting(&book, "PRAGMA synchronous").await, "2");
}

#[tokio::test]
async fn what_reads_cannot_write() {
    let directory = tempfile::tempdir().expect("a directory");
    let book = SqliteBook::open(&directory.path().join("ledger.sqlite3"))
        .await
        .expect("new");
    let mut connection = book.readers.acquire().await.expect("free");
    let outcome = sqlx::query("DELETE FROM records")
        .execute(&mut *connection)
        .await;
    assert!(outcome.is_err());
}

#[tokio::test]
async fn a_turn_that_is_dropped_leaves_nothing_and_holds_up_nobody() {
    let directory = tempfile::tempdir().expect("a directory");
    let book = SqliteBook::open(&directory.path().join("ledger.sqlite3"))
        .await
        .expect("new");
    let before = book.reading().await.expect("a ledger").ledger;
    let (mut turn, _) = book.writer.turn(None).await.expect("nobody writes");
    sqlx::query("UPDATE meta SET ledger = 'another'")
        .execute(&mut turn.connection)
        .await
        .expect("written");
    drop(turn);
    let (turn, _) = book
        .writer
        .turn(None)
        .await
        .expect("nobody writes any more");
    turn.commit().await.expect("nothing to write");
    assert_eq!(book.reading().await.expect("a ledger").ledger, before);
}
