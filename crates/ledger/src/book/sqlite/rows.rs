//! Rows: one statement each, in and out. They know columns and the record treaty, and decide nothing.
//!
//! Unsigned counters are stored as the signed number with the same bits, so that every value has exactly one row form.

use rusqlite::{Connection, OptionalExtension as _, Params, Row as Columns, ffi, params};

use crate::{
    book::{Claim, Kind, Query, Record, Stored, rules::Head},
    clock::{Timestamp, from_millis, to_millis},
    event::{ChainedEvent, Subject},
    fact::Cause,
    id::{Fence, Holder, Revision},
    stored,
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
    /// What stands beside the record.
    pub(super) fn head(&self) -> Result<Head, Cause> {
        Ok(Head {
            revision: Revision(self.rev.cast_unsigned()),
            last_fence: Fence(self.fence.cast_unsigned()),
            claim: claim(self.claim_holder.clone(), self.claim_until_ms)?,
        })
    }

    /// The text of `record` in the place of the one here.
    pub(super) fn over(&self, record: &Record) -> Result<String, Cause> {
        Ok(stored::encode_over(record, text(&self.body)?)?)
    }

    /// The record, if its body can be understood and is about this subject.
    pub(super) fn into_stored(self) -> Result<Stored, Cause> {
        let record = stored::decode(text(&self.body)?)?;
        let named = record.subject().to_string();
        if named != self.subject {
            return Err(Cause(format!("the record stored here is that of {named}")));
        }
        let head = self.head()?;
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
        let chained = stored::event::decode(text(&self.body)?)?;
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

impl Row {
    fn of(columns: &Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            subject: columns.get("subject")?,
            rev: columns.get("rev")?,
            fence: columns.get("fence")?,
            claim_holder: columns.get("claim_holder")?,
            claim_until_ms: columns.get("claim_until_ms")?,
            body: columns.get("body")?,
        })
    }
}

impl EventRow {
    fn of(columns: &Columns<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            subject: columns.get("subject")?,
            seq: columns.get("seq")?,
            prev_hash: columns.get("prev_hash")?,
            hash: columns.get("hash")?,
            body: columns.get("body")?,
        })
    }
}

fn text(body: &[u8]) -> Result<&str, Cause> {
    std::str::from_utf8(body).map_err(|error| Cause(format!("its text is not UTF-8: {error}")))
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

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Environment => "environment",
        Kind::Lease => "lease",
        Kind::Scope => "scope",
        Kind::Run => "run",
    }
}

/// The record of a subject, and the last event of its chain by number and hash.
pub(super) type Place = (Option<Row>, Option<(u64, String)>);

/// What the next write to `subject` takes the place of, and what its events follow.
pub(super) fn place(connection: &Connection, subject: &Subject) -> rusqlite::Result<Place> {
    const LAST: &str = "SELECT seq, hash FROM events WHERE subject = ?1 ORDER BY seq DESC LIMIT 1";
    let last = connection
        .prepare_cached(LAST)?
        .query_row([subject.to_string()], |columns| {
            let seq: i64 = columns.get("seq")?;
            Ok((seq.cast_unsigned(), columns.get("hash")?))
        })
        .optional()?;
    Ok((row(connection, subject)?, last))
}

pub(super) fn row(connection: &Connection, subject: &Subject) -> rusqlite::Result<Option<Row>> {
    const ROW: &str = "SELECT subject, rev, fence, claim_holder, claim_until_ms, CAST(body AS BLOB) AS body \
         FROM records WHERE subject = ?1";
    connection
        .prepare_cached(ROW)?
        .query_row([subject.to_string()], Row::of)
        .optional()
}

pub(super) fn matching(connection: &Connection, query: &Query) -> rusqlite::Result<Vec<Row>> {
    const MATCHING: &str = "SELECT subject, rev, fence, claim_holder, claim_until_ms, CAST(body AS BLOB) AS body \
         FROM records WHERE kind = ?1 AND ?2 <= live AND (?3 IS NULL OR name = ?3) ORDER BY subject";
    let name = query.name.as_ref().map(|name| name.as_str());
    connection
        .prepare_cached(MATCHING)?
        .query_map(params![word(query.kind), query.live_only, name], Row::of)?
        .collect()
}

/// A new record.
pub(super) fn insert(
    connection: &Connection,
    record: &Record,
    revision: Revision,
) -> rusqlite::Result<()> {
    let name = record.unique_name();
    execute(
        connection,
        "INSERT INTO records (subject, kind, name, generation, live, rev, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            record.subject().to_string(),
            word(Kind::of(record)),
            name.map(|(name, _)| name.as_str()),
            name.map(|(_, generation)| generation.get().cast_signed()),
            record.is_live(),
            revision.0.cast_signed(),
            stored::encode(record),
        ],
    )
}

/// The record anew, with the text `body`.
pub(super) fn update(
    connection: &Connection,
    record: &Record,
    body: &str,
    revision: Revision,
    drop_claim: bool,
) -> rusqlite::Result<()> {
    let name = record.unique_name();
    execute(
        connection,
        "UPDATE records SET name = ?2, generation = ?3, live = ?4, rev = ?5, body = ?6, \
         claim_holder = iif(?7, NULL, claim_holder), claim_until_ms = iif(?7, NULL, claim_until_ms) \
         WHERE subject = ?1",
        params![
            record.subject().to_string(),
            name.map(|(name, _)| name.as_str()),
            name.map(|(_, generation)| generation.get().cast_signed()),
            record.is_live(),
            revision.0.cast_signed(),
            body,
            drop_claim,
        ],
    )
}

/// What is added to the events of a record.
pub(super) fn tell(connection: &Connection, chained: &ChainedEvent) -> rusqlite::Result<()> {
    execute(
        connection,
        "INSERT INTO events (subject, seq, kind, at_ms, prev_hash, hash, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            chained.subject.to_string(),
            chained.seq.cast_signed(),
            chained.event.kind.as_str(),
            to_millis(chained.event.at),
            chained.prev_hash,
            chained.hash,
            stored::event::encode(chained),
        ],
    )
}

/// What another record has already, so that a write of this one failed at its first statement.
pub(super) enum Taken {
    /// The name and generation.
    Name,
    /// The subject.
    Subject,
}

/// Why a write failed, if another record stands in its way.
pub(super) fn taken(error: &rusqlite::Error) -> Option<Taken> {
    let rusqlite::Error::SqliteFailure(code, Some(message)) = error else {
        return None;
    };
    let unique = [
        ffi::SQLITE_CONSTRAINT_UNIQUE,
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
    ];
    match message {
        _ if !unique.contains(&code.extended_code) => None,
        message if message.contains("records.name") => Some(Taken::Name),
        message if message.contains("records.subject") => Some(Taken::Subject),
        _ => None,
    }
}

pub(super) fn set_claim(
    connection: &Connection,
    subject: &Subject,
    claim: &Claim,
) -> rusqlite::Result<()> {
    execute(
        connection,
        "UPDATE records SET fence = ?2, claim_holder = ?3, claim_until_ms = ?4 WHERE subject = ?1",
        params![
            subject.to_string(),
            claim.fence.0.cast_signed(),
            claim.holder.0,
            to_millis(claim.until),
        ],
    )
}

/// A copy of a capsule that rotted on disk is replaced by the good one.
pub(super) fn keep(connection: &Connection, sha256: &str, packed: &[u8]) -> rusqlite::Result<()> {
    execute(
        connection,
        "INSERT INTO capsules (sha256, packed) VALUES (?1, ?2) \
         ON CONFLICT (sha256) DO UPDATE SET packed = excluded.packed WHERE packed <> excluded.packed",
        params![sha256, packed],
    )
}

pub(super) fn kept(connection: &Connection, sha256: &str) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached("SELECT packed FROM capsules WHERE sha256 = ?1")?
        .query_row([sha256], |columns| columns.get("packed"))
        .optional()
}

pub(super) fn events(
    connection: &Connection,
    subject: Option<&Subject>,
) -> rusqlite::Result<Vec<EventRow>> {
    const OF_ONE: &str = "SELECT subject, seq, prev_hash, hash, CAST(body AS BLOB) AS body FROM events \
         WHERE subject = ?1 ORDER BY seq";
    const OF_ALL: &str = "SELECT subject, seq, prev_hash, hash, CAST(body AS BLOB) AS body FROM events \
         ORDER BY subject, seq";
    match subject {
        Some(subject) => connection
            .prepare_cached(OF_ONE)?
            .query_map([subject.to_string()], EventRow::of)?
            .collect(),
        None => connection
            .prepare_cached(OF_ALL)?
            .query_map([], EventRow::of)?
            .collect(),
    }
}

/// A statement that answers nothing.
pub(super) fn execute(
    connection: &Connection,
    statement: &str,
    parameters: impl Params,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(statement)?
        .execute(parameters)
        .map(drop)
}
