//! Rows: one statement each, in and out. They know columns and the record treaty, and decide nothing.
//!
//! Unsigned counters are stored as the signed number with the same bits, so that every value has exactly one row form.

use sqlx::{
    AssertSqlSafe, FromRow, Row as _, Sqlite, SqliteConnection,
    query::Query as Statement,
    sqlite::{SqliteArguments, SqliteRow},
};

use crate::{
    book::{Claim, Kind, Query, Record, Stored, rules::Head},
    clock::{Timestamp, from_millis, to_millis},
    event::{ChainedEvent, Subject},
    fact::Cause,
    id::{Fence, Holder, Revision},
    record,
};

/// A record's row.
pub(super) struct Row {
    pub(super) subject: String,
    rev: i64,
    fence: i64,
    claim_holder: Option<String>,
    claim_until_ms: Option<i64>,
    body: Vec<u8>,
}

impl Row {
    /// The record, if its body can be understood and is about this subject.
    pub(super) fn into_stored(self) -> Result<Stored, Cause> {
        let body = text(self.body)?;
        let record = record::decode(&body)?;
        let named = record.subject().to_string();
        if named != self.subject {
            return Err(Cause(format!("the record stored here is that of {named}")));
        }
        let claim = claim(self.claim_holder, self.claim_until_ms);
        let head = head(self.rev, self.fence, claim)?;
        Ok(Stored {
            revision: head.revision,
            record,
            claim: head.last_claim(),
        })
    }
}

/// An event's row.
pub(super) struct EventRow {
    pub(super) subject: String,
    pub(super) seq: i64,
    prev_hash: String,
    hash: String,
    body: Vec<u8>,
}

impl EventRow {
    /// The event, if its body can be understood and says what its columns say.
    pub(super) fn into_chained(self) -> Result<ChainedEvent, Cause> {
        let chained = record::event::decode(&text(self.body)?)?;
        let same = chained.subject.to_string() == self.subject
            && chained.seq == self.seq.cast_unsigned()
            && chained.prev_hash == self.prev_hash
            && chained.hash == self.hash;
        if !same {
            return Err(Cause(
                "its place and hashes are not those it was stored with; it was changed after it was written".to_owned(),
            ));
        }
        Ok(chained)
    }
}

impl FromRow<'_, SqliteRow> for Row {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            subject: row.try_get("subject")?,
            rev: row.try_get("rev")?,
            fence: row.try_get("fence")?,
            claim_holder: row.try_get("claim_holder")?,
            claim_until_ms: row.try_get("claim_until_ms")?,
            body: row.try_get("body")?,
        })
    }
}

impl FromRow<'_, SqliteRow> for EventRow {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Self> {
        Ok(Self {
            subject: row.try_get("subject")?,
            seq: row.try_get("seq")?,
            prev_hash: row.try_get("prev_hash")?,
            hash: row.try_get("hash")?,
            body: row.try_get("body")?,
        })
    }
}

fn text(body: Vec<u8>) -> Result<String, Cause> {
    String::from_utf8(body).map_err(|error| Cause(format!("its text is not UTF-8: {error}")))
}

/// Who claimed it last, and until when.
type Claimed = Option<(Holder, Timestamp)>;

fn claim(holder: Option<String>, until: Option<i64>) -> Result<Claimed, Cause> {
    match (holder, until) {
        (None, None) => Ok(None),
        (Some(holder), Some(millis)) => from_millis(millis)
            .map(|until| Some((Holder(holder), until)))
            .ok_or_else(|| {
                Cause(format!(
                    "its claim ends at {millis}, which is no point in time"
                ))
            }),
        _ => Err(Cause(
            "its claim has a holder without an end, or an end without a holder".to_owned(),
        )),
    }
}

fn head(rev: i64, fence: i64, claim: Result<Claimed, Cause>) -> Result<Head, Cause> {
    Ok(Head {
        revision: Revision(rev.cast_unsigned()),
        last_fence: Fence(fence.cast_unsigned()),
        claim: claim?,
    })
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Environment => "environment",
        Kind::Lease => "lease",
        Kind::Scope => "scope",
        Kind::Run => "run",
    }
}

/// What stands beside the record of `subject`; `Some(Err(_))` if that cannot be understood.
pub(super) type Beside = Option<Result<Head, Cause>>;

/// The last event of a chain: its number and hash.
pub(super) type Last = Option<(u64, String)>;

/// What the next write to `subject` stands beside and follows.
pub(super) async fn place(
    connection: &mut SqliteConnection,
    subject: &Subject,
) -> sqlx::Result<(Beside, Last)> {
    let row = sqlx::query(
        "SELECT rev, fence, claim_holder, claim_until_ms, seq, hash FROM (SELECT 1) \
         LEFT JOIN records ON records.subject = ?1 \
         LEFT JOIN (SELECT seq, hash FROM events WHERE subject = ?1 ORDER BY seq DESC LIMIT 1)",
    )
    .bind(subject.to_string())
    .fetch_one(connection)
    .await?;
    beside(&row)
}

/// Reads the columns of a place.
pub(super) fn beside(row: &SqliteRow) -> sqlx::Result<(Beside, Last)> {
    let revision: Option<i64> = row.try_get("rev")?;
    let beside = match revision {
        None => None,
        Some(revision) => {
            let fence: i64 = row.try_get("fence")?;
            let claim = claim(row.try_get("claim_holder")?, row.try_get("claim_until_ms")?);
            Some(head(revision, fence, claim))
        }
    };
    let seq: Option<i64> = row.try_get("seq")?;
    let last = match seq {
        None => None,
        Some(seq) => Some((seq.cast_unsigned(), row.try_get("hash")?)),
    };
    Ok((beside, last))
}

pub(super) async fn row(
    connection: &mut SqliteConnection,
    subject: &Subject,
) -> sqlx::Result<Option<Row>> {
    sqlx::query_as(
        "SELECT subject, rev, fence, claim_holder, claim_until_ms, CAST(body AS BLOB) AS body \
         FROM records WHERE subject = ?1",
    )
    .bind(subject.to_string())
    .fetch_optional(connection)
    .await
}

pub(super) async fn matching(
    connection: &mut SqliteConnection,
    query: &Query,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as(
        "SELECT subject, rev, fence, claim_holder, claim_until_ms, CAST(body AS BLOB) AS body \
         FROM records WHERE kind = ?1 AND ?2 <= live AND (?3 IS NULL OR name = ?3) ORDER BY subject",
    )
    .bind(word(query.kind))
    .bind(i64::from(query.live_only))
    .bind(query.name.as_ref().map(|name| name.as_str()))
    .fetch_all(connection)
    .await
}

/// Whether a write is the last of its transaction.
#[derive(Clone, Copy)]
pub(super) enum Then {
    /// Others follow.
    GoOn,
    /// It is made durable at once.
    Commit,
}

/// A new record with its first events, in one go.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    record: &Record,
    revision: Revision,
    events: &[ChainedEvent],
    then: Then,
) -> sqlx::Result<()> {
    let name = record.unique_name();
    let statement = with_events(
        "INSERT INTO records (subject, kind, name, generation, live, rev, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        events.len(),
        then,
    )
    .bind(record.subject().to_string())
    .bind(word(Kind::of(record)))
    .bind(name.map(|(name, _)| name.as_str().to_owned()))
    .bind(name.map(|(_, generation)| generation.get().cast_signed()))
    .bind(i64::from(record.is_live()))
    .bind(revision.0.cast_signed())
    .bind(record::encode(record));
    execute(connection, statement, events).await
}

/// The record anew, with what is added to its events, in one go.
pub(super) async fn update(
    connection: &mut SqliteConnection,
    record: &Record,
    revision: Revision,
    drop_claim: bool,
    events: &[ChainedEvent],
    then: Then,
) -> sqlx::Result<()> {
    let name = record.unique_name();
    let statement = with_events(
        "UPDATE records SET name = ?, generation = ?, live = ?, rev = ?, body = ?, \
         claim_holder = iif(?, NULL, claim_holder), claim_until_ms = iif(?, NULL, claim_until_ms) \
         WHERE subject = ?",
        events.len(),
        then,
    )
    .bind(name.map(|(name, _)| name.as_str().to_owned()))
    .bind(name.map(|(_, generation)| generation.get().cast_signed()))
    .bind(i64::from(record.is_live()))
    .bind(revision.0.cast_signed())
    .bind(record::encode(record))
    .bind(i64::from(drop_claim))
    .bind(i64::from(drop_claim))
    .bind(record.subject().to_string());
    execute(connection, statement, events).await
}

type Bound = Statement<'static, Sqlite, SqliteArguments>;

/// `statement`, one more for each of `events`, and the commit: every answer of SQLite's own thread costs two switches
/// between threads, which is most of what a small write costs.
fn with_events(statement: &'static str, events: usize, then: Then) -> Bound {
    const EVENT: &str = "INSERT INTO events (subject, seq, kind, at_ms, prev_hash, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let mut statements = [vec![statement], vec![EVENT; events]].concat();
    if let Then::Commit = then {
        statements.push("COMMIT");
    }
    // Made of texts that stand here.
    sqlx::query(AssertSqlSafe(statements.join(";\n")))
}

async fn execute(
    connection: &mut SqliteConnection,
    statement: Bound,
    events: &[ChainedEvent],
) -> sqlx::Result<()> {
    let bound = events.iter().fold(statement, |statement, chained| {
        statement
            .bind(chained.subject.to_string())
            .bind(chained.seq.cast_signed())
            .bind(chained.event.kind.as_str())
            .bind(to_millis(chained.event.at))
            .bind(chained.prev_hash.clone())
            .bind(chained.hash.clone())
            .bind(record::event::encode(chained))
    });
    bound.execute(connection).await.map(drop)
}

/// What another record has already, so that a write of this one failed at its first statement.
pub(super) enum Taken {
    /// The name and generation.
    Name,
    /// The subject.
    Subject,
}

/// Why a write failed, if another record stands in its way.
pub(super) fn taken(error: &sqlx::Error) -> Option<Taken> {
    let sqlx::Error::Database(error) = error else {
        return None;
    };
    match error.message() {
        _ if !error.is_unique_violation() => None,
        message if message.contains("records.name") => Some(Taken::Name),
        message if message.contains("records.subject") => Some(Taken::Subject),
        _ => None,
    }
}

pub(super) async fn set_claim(
    connection: &mut SqliteConnection,
    subject: &Subject,
    claim: &Claim,
) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE records SET fence = ?2, claim_holder = ?3, claim_until_ms = ?4 WHERE subject = ?1",
    )
    .bind(subject.to_string())
    .bind(claim.fence.0.cast_signed())
    .bind(claim.holder.0.as_str())
    .bind(to_millis(claim.until))
    .execute(connection)
    .await
    .map(drop)
}

pub(super) async fn events(
    connection: &mut SqliteConnection,
    subject: Option<&Subject>,
) -> sqlx::Result<Vec<EventRow>> {
    match subject {
        Some(subject) => {
            sqlx::query_as(
                "SELECT subject, seq, prev_hash, hash, CAST(body AS BLOB) AS body FROM events \
                 WHERE subject = ?1 ORDER BY seq",
            )
            .bind(subject.to_string())
            .fetch_all(connection)
            .await
        }
        None => {
            sqlx::query_as(
                "SELECT subject, seq, prev_hash, hash, CAST(body AS BLOB) AS body FROM events \
                 ORDER BY subject, seq",
            )
            .fetch_all(connection)
            .await
        }
    }
}
