//! The stored and the canonical form of an event.
//!
//! Hashes cover the canonical form, so it can never change: what is new about an event goes into its detail.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FIRST, RecordError, identity::IdentityV1, time::instant, write};
use crate::{
    clock::to_millis,
    event::{ChainedEvent, Event, EventKind, Subject},
    fact::Cause,
};

const KIND: &str = "event";

/// What a hash covers, in this order.
#[derive(Serialize)]
struct CanonicalV1 {
    subject: String,
    seq: u64,
    kind: &'static str,
    at_ms: i64,
    by: IdentityV1,
    operation: Option<String>,
    detail: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventV1 {
    kind: String,
    version: u64,
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

/// The one canonical text of an event in its place: what its hash covers, besides the hash before it.
#[must_use]
pub fn canonical(chained: &ChainedEvent) -> String {
    write(&CanonicalV1 {
        subject: chained.subject.to_string(),
        seq: chained.seq,
        kind: chained.event.kind.as_str(),
        at_ms: to_millis(chained.event.at),
        by: IdentityV1::from_core(&chained.event.by),
        operation: chained.event.operation.clone(),
        detail: chained.event.detail.clone(),
    })
}

/// The stored text of an event in its place, hashes included.
#[must_use]
pub fn encode(chained: &ChainedEvent) -> String {
    write(&EventV1 {
        kind: KIND.to_owned(),
        version: FIRST,
        subject: chained.subject.to_string(),
        seq: chained.seq,
        event: chained.event.kind.as_str().to_owned(),
        at_ms: to_millis(chained.event.at),
        by: IdentityV1::from_core(&chained.event.by),
        operation: chained.event.operation.clone(),
        detail: chained.event.detail.clone(),
        prev_hash: chained.prev_hash.clone(),
        hash: chained.hash.clone(),
    })
}

/// Reads what [`encode`] wrote. Whether the hashes fit is for [`crate::chain::verify`] to say.
///
/// # Errors
/// What does not fit, with the version where it says one.
pub fn decode(text: &str) -> Result<ChainedEvent, RecordError> {
    let head: super::Head = serde_json::from_str(text).map_err(|error| RecordError::Headless {
        cause: error.to_string(),
    })?;
    if head.kind != KIND {
        return Err(RecordError::Malformed {
            kind: KIND,
            version: head.version,
            cause: format!("expected an event, found the kind `{}`", head.kind),
        });
    }
    let event: EventV1 = super::read(KIND, &head, text)?;
    super::into_core(KIND, event.into_core())
}

impl EventV1 {
    fn into_core(self) -> Result<ChainedEvent, Cause> {
        Ok(ChainedEvent {
            subject: Subject::parse(&self.subject).ok_or_else(|| {
                Cause(format!(
                    "`{}` is not a subject; for example `scope:default`",
                    self.subject
                ))
            })?,
            seq: self.seq,
            event: Event {
                kind: EventKind::parse(&self.event)
                    .ok_or_else(|| Cause(format!("`{}` is not a kind of event", self.event)))?,
                at: instant("at_ms", self.at_ms)?,
                by: self.by.into_core()?,
                operation: self.operation,
                detail: self.detail,
            },
            prev_hash: self.prev_hash,
            hash: self.hash,
        })
    }
}
