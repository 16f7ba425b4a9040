//! The chain: each event's hash covers the one before it, so that nothing can be changed, removed or slipped in
//! between unnoticed.
//!
//! A chain alone does not show that its end was cut off; with the last hash kept elsewhere it shows.

use sha2::{Digest, Sha256};

use crate::{
    event::{ChainedEvent, Event, Subject},
    stored,
};

/// What stands before the first event.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// `event` in its place after `previous`.
#[must_use]
pub fn link(subject: &Subject, previous: Option<(u64, &str)>, event: Event) -> ChainedEvent {
    let (seq, prev_hash) = previous.map_or((1, GENESIS), |(seq, hash)| (seq + 1, hash));
    let canonical = stored::event::canonical(subject, seq, &event);
    ChainedEvent {
        subject: subject.clone(),
        seq,
        event,
        prev_hash: prev_hash.to_owned(),
        hash: hash(prev_hash, &canonical),
        canonical,
    }
}

/// `events` in their places after `previous`.
#[must_use]
pub fn link_all(
    subject: &Subject,
    previous: Option<(u64, String)>,
    events: Vec<Event>,
) -> Vec<ChainedEvent> {
    let mut last = previous;
    let link_next = |event| {
        let previous = last.as_ref().map(|(seq, hash)| (*seq, hash.as_str()));
        let chained = link(subject, previous, event);
        last = Some((chained.seq, chained.hash.clone()));
        chained
    };
    events.into_iter().map(link_next).collect()
}

fn hash(prev_hash: &str, canonical: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(prev_hash.as_bytes());
    hasher.update(b"\n");
    hasher.update(canonical.as_bytes());
    hex(&hasher.finalize())
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The SHA-256 of `bytes`, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A place is missing or taken twice.
    #[error("{subject}: expected event {expected}, found event {found}")]
    Gap {
        /// Whose chain.
        subject: Subject,
        /// The place that should follow.
        expected: u64,
        /// The place that does.
        found: u64,
    },
    /// An event does not follow from the one before it.
    #[error("{subject}: event {seq} does not follow from the event before it")]
    Unlinked {
        /// Whose chain.
        subject: Subject,
        /// The event's place.
        seq: u64,
    },
    /// An event is not what was hashed.
    #[error("{subject}: event {seq} was changed after it was written")]
    Altered {
        /// Whose chain.
        subject: Subject,
        /// The event's place.
        seq: u64,
    },
}

/// Checks every chain in `events`, which are ordered by subject and place. Answers everything that is broken.
#[must_use]
pub fn verify(events: &[ChainedEvent]) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut before: Option<&ChainedEvent> = None;
    for event in events {
        let previous = before.filter(|previous| previous.subject == event.subject);
        let (expected, prev_hash) = previous.map_or((1, GENESIS), |previous| {
            (previous.seq + 1, previous.hash.as_str())
        });
        let (subject, seq) = (event.subject.clone(), event.seq);
        if seq != expected {
            broken.push(Broken::Gap {
                subject: subject.clone(),
                expected,
                found: seq,
            });
        } else if event.prev_hash != prev_hash {
            broken.push(Broken::Unlinked {
                subject: subject.clone(),
                seq,
            });
        }
        if event.hash != hash(&event.prev_hash, &event.canonical) {
            broken.push(Broken::Altered { subject, seq });
        }
        before = Some(event);
    }
    broken
}

#[cfg(test)]
mod tests;
