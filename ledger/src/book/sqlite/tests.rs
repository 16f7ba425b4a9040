//! What only the connections themselves can tell.

use super::*;

async fn setting(pool: &SqlitePool, pragma: &'static str) -> String {
    let mut connection = pool.acquire().await.expect("free");
    let row = sqlx::query(pragma)
        .fetch_one(&mut *connection)
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
    assert_eq!(
        setting(&book.writer.pool, "PRAGMA journal_mode").await,
        "wal"
    );
    // 2 is FULL: the log is synced before a commit is answered.
    assert_eq!(setting(&book.writer.pool, "PRAGMA synchronous").await, "2");
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
