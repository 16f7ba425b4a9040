//! The beginning of a transaction that writes: the lock, the time, and what is there already, in one question. It knows
//! columns, and decides nothing.

use sqlx::{Row as _, SqliteConnection};

use super::rows;
use crate::event::Subject;

/// What a transaction that writes begins with.
pub(super) struct Begun {
    /// The ledger's id.
    pub(super) ledger: String,
    /// The ledger's time, in milliseconds.
    pub(super) millis: i64,
    /// What stands beside the record that was asked for.
    pub(super) beside: rows::Beside,
    /// What its next event follows.
    pub(super) last: rows::Last,
}

/// Begins a transaction during which no other process writes; its time is not below `floor`, and not below what any write
/// has seen. `subject` is what will be written, if that is known.
pub(super) async fn begin(
    connection: &mut SqliteConnection,
    injected: Option<i64>,
    floor: i64,
    subject: Option<&Subject>,
) -> sqlx::Result<Begun> {
    let subject = subject.map(Subject::to_string);
    let row = sqlx::query(
        "BEGIN IMMEDIATE; \
         UPDATE meta SET last_seen_ms = \
         max(last_seen_ms, ?, coalesce(?, CAST(unixepoch('subsec') * 1000 AS INTEGER))); \
         SELECT ledger, last_seen_ms, rev, fence, claim_holder, claim_until_ms, seq, hash FROM meta \
         LEFT JOIN records ON records.subject = ? \
         LEFT JOIN (SELECT seq, hash FROM events WHERE subject = ? ORDER BY seq DESC LIMIT 1)",
    )
    .bind(floor)
    .bind(injected)
    .bind(subject.clone())
    .bind(subject)
    .fetch_one(connection)
    .await?;
    let (beside, last) = rows::beside(&row)?;
    Ok(Begun {
        ledger: row.try_get("ledger")?,
        millis: row.try_get("last_seen_ms")?,
        beside,
        last,
    })
}
