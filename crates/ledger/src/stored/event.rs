//! The stored and the canonical form of an event.
//!
//! A hash covers the canonical form: the stored members in their order and byte for byte, but for `kind`, `version` and the
//! two hashes, and with `event` named `kind`. It is made from the stored text and not from what was understood of it. So a
//! version that does not know every member or every kind of event can check it all the same. The version of an event is
//! never raised: what is new about events is a new kind, a new member or a new detail.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Head, RecordError,
    identity::IdentityV1,
    time::instant,
    unknown::{members, object},
    write,
};
use crate::{
    clock::to_millis,
    event::{ChainedEvent, Event, EventKind, Subject},
    fact::Cause,
};

const KIND: &str = "event";
const VERSION: u64 = 1;

/// Stored beside what the hash covers.
const NOT_COVERED: [&str; 4] = ["kind", "version", "prev_hash", "hash"];

/// What a hash covers, in this order.
#[derive(Serialize)]
struct CanonicalV1 {
    subject: String,
    seq: u64,
    kind: String,
    at_ms: i64,
    by: IdentityV1,
    operation: Option<String>,
    detail: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct EventV1 {
    subject: String,
    seq: u64,
    event: String,
    at_ms: i64,
    by: IdentityV1,
    #[serde(deserialize_with = "Option::deserialize")]
    operation: Option<String>,
    detail: BTreeMap<String, String>,
    prev_hash: String,
    hash: String,
}

/// The canonical text of a new event in its place: what its hash covers, besides the hash before it.
pub(crate) fn canonical(subject: &Subject, seq: u64, event: &Event) -> String {
    write(&CanonicalV1 {
        subject: subject.to_string(),
        seq,
        kind: event.kind.as_str().to_owned(),
        at_ms: to_millis(event.at),
        by: IdentityV1::from_core(&event.by),
        operation: event.operation.clone(),
        detail: event.detail.clone(),
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
    let malformed = |cause| RecordError::Malformed {
        kind: KIND,
        version: head.version,
        cause,
    };
    if head.kind != KIND {
        let cause = format!("expected an event, found the kind `{}`", head.kind);
        return Err(malformed(cause));
    }
    match head.version {
        VERSION => {}
        0 => return Err(malformed("versions are counted from 1".to_owned())),
        found => {
            return Err(RecordError::Newer {
                kind: KIND,
                found,
                newest: VERSION,
            });
        }
    }
    let event: EventV1 =
        serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
    event
        .into_core(covered(text))
        .map_err(|cause| malformed(cause.0))
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

impl EventV1 {
    fn into_core(self, canonical: String) -> Result<ChainedEvent, Cause> {
        Ok(ChainedEvent {
            subject: Subject::parse(&self.subject).ok_or_else(|| {
                Cause(format!(
                    "`{}` is not a subject; for example `scope:default`",
                    self.subject
                ))
            })?,
            seq: self.seq,
            event: Event {
                kind: EventKind::of(&self.event),
                at: instant("at_ms", self.at_ms)?,
                by: self.by.into_core()?,
                operation: self.operation,
                detail: self.detail,
            },
            canonical,
            prev_hash: self.prev_hash,
            hash: self.hash,
        })
    }
}
