//! The stored and the canonical form of an event.
//!
//! A hash covers the canonical form: the stored members in their order and byte for byte, but for `kind`, `version` and the
//! two hashes, and with `event` named `kind`. It is made from the stored text and not from what was understood of it. So a
//! version that does not know every member or every kind of event can check it all the same. The version of an event is
//! never raised: what is new about events is a new kind, a new member or a new detail.

use std::collections::BTreeMap;

use chrono::serde::ts_milliseconds as instant;
use serde::{Deserialize, Serialize};

use super::{
    Head, RecordError,
    fields::{IdentityV1, subject},
    unknown::{members, object},
    write,
};
use crate::{
    clock::Timestamp,
    event::{ChainedEvent, Event, EventKind, Subject},
    identity::Identity,
};

const KIND: &str = "event";
const VERSION: u64 = 1;

/// Stored beside what the hash covers.
const NOT_COVERED: [&str; 4] = ["kind", "version", "prev_hash", "hash"];

/// What a hash covers, in this order.
#[derive(Serialize)]
struct CanonicalV1<'a> {
    #[serde(with = "subject")]
    subject: &'a Subject,
    seq: u64,
    kind: &'a str,
    #[serde(rename = "at_ms", with = "instant")]
    at: Timestamp,
    #[serde(with = "IdentityV1")]
    by: &'a Identity,
    operation: &'a Option<String>,
    detail: &'a BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct EventV1 {
    #[serde(with = "subject")]
    subject: Subject,
    seq: u64,
    event: String,
    #[serde(rename = "at_ms", with = "instant")]
    at: Timestamp,
    #[serde(with = "IdentityV1")]
    by: Identity,
    #[serde(deserialize_with = "Option::deserialize")]
    operation: Option<String>,
    detail: BTreeMap<String, String>,
    prev_hash: String,
    hash: String,
}

/// The canonical text of a new event in its place: what its hash covers, besides the hash before it.
pub(crate) fn canonical(subject: &Subject, seq: u64, event: &Event) -> String {
    write(&CanonicalV1 {
        subject,
        seq,
        kind: event.kind.as_str(),
        at: event.at,
        by: &event.by,
        operation: &event.operation,
        detail: &event.detail,
    })
}

/// The stored text of an event in its place, hashes included.
#[must_use]
pub fn encode(chained: &ChainedEvent) -> String {
    let head = [("kind", write(&KIND)), ("version", VERSION.to_string())];
    let covered = members(&chained.canonical).unwrap_or_default();
    let covered = covered.iter().map(|(name, value)| {
        let name = if name == "kind" { "event" } else { name };
        (name, (*value).to_owned())
    });
    let hashes = [
        ("prev_hash", write(&chained.prev_hash)),
        ("hash", write(&chained.hash)),
    ];
    object(head.into_iter().chain(covered).chain(hashes))
}

/// Reads what [`encode`] wrote. Whether the hashes fit is for [`crate::chain::verify`] to say.
///
/// # Errors
/// What does not fit, with the version where it says one.
pub fn decode(text: &str) -> Result<ChainedEvent, RecordError> {
    let head = Head::of(text)?;
    if head.kind != KIND {
        let cause = format!("expected an event, found the kind `{}`", head.kind);
        return Err(head.malformed(KIND, cause));
    }
    head.check(KIND, VERSION)?;
    let stored: EventV1 =
        serde_json::from_str(text).map_err(|error| head.malformed(KIND, error.to_string()))?;
    Ok(ChainedEvent {
        subject: stored.subject,
        seq: stored.seq,
        event: Event {
            kind: EventKind::of(&stored.event),
            at: stored.at,
            by: stored.by,
            operation: stored.operation,
            detail: stored.detail,
        },
        canonical: covered(text),
        prev_hash: stored.prev_hash,
        hash: stored.hash,
    })
}

/// What the hash of the stored event `text` covers.
fn covered(text: &str) -> String {
    let members = members(text).unwrap_or_default();
    let covered = members
        .iter()
        .filter(|(name, _)| !NOT_COVERED.contains(&name.as_str()));
    object(covered.map(|(name, value)| {
        let name = if name == "event" { "kind" } else { name };
        (name, (*value).to_owned())
    }))
}
