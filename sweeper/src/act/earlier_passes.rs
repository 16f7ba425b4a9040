//! What earlier passes of a teardown did that did not come to its end: read from the chain of events, so that the
//! evidence covers all of it.
//!
//! A pass that could write at its end told what it deleted. Of one that was killed only the list is there of what it was
//! about to delete; what of that is no longer in the state when the next pass looks, it deleted. Decides nothing.

use std::collections::BTreeSet;

use ledger::{
    book::{Blobs, BookError, Ledger},
    environment::{Environment, Evidence, TeardownStep},
    event::{ChainedEvent, Event, EventKind},
};

use super::journal::Journal;

/// In the event of a failed pass: what it deleted, as a list.
pub(crate) const DELETED: &str = "deleted";

/// In the event of a pass that begins to apply: where the list is kept of what it is about to delete.
pub(crate) const TO_DELETE: &str = "to_delete";

/// In the same event: what a pass deleted that was cut off before, as a list.
pub(crate) const DELETED_BEFORE: &str = "deleted_before";

/// The SHA-256 of the event stream of a pass.
pub(crate) const EVENTS_SHA256: &str = "events_sha256";

/// What earlier passes did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct EarlierPasses {
    /// The serial from which the first of them began to apply.
    serial: Option<u64>,
    /// What they deleted, in the order in which that was found.
    deleted: Vec<String>,
    /// The SHA-256 of the event stream of each that told it.
    streams: Vec<String>,
    /// What the last one was about to delete, if its result is not recorded yet.
    open: Vec<String>,
}

impl EarlierPasses {
    /// What passes before this one did at `environment`, as it was when this one began.
    ///
    /// # Errors
    /// The ledger could not be read.
    pub(crate) async fn load(
        book: &dyn Ledger,
        environment: &Environment,
        journal: &Journal,
    ) -> Result<Self, BookError> {
        // A pass that began to apply left an inventory.
        if environment.lifecycle.inventory().is_none() {
            return Ok(Self::default());
        }
        let events = book.events(Some(journal.subject())).await?;
        let (mut earlier, open) = told(&events, journal.operation());
        if let Some(sha256) = open {
            earlier.open = fetch(book, &sha256).await?;
        }
        Ok(earlier)
    }

    /// What a pass that was cut off deleted: what it was about to delete and what is not among `held`, which is what the
    /// state holds now.
    pub(crate) fn deleted_before<'a>(
        &self,
        held: impl IntoIterator<Item = &'a String>,
    ) -> Vec<String> {
        let held: BTreeSet<&String> = held.into_iter().collect();
        let gone = self.open.iter().filter(|address| !held.contains(address));
        gone.cloned().collect()
    }

    /// The evidence of the whole teardown, of that of its last pass; `already_gone` is what that pass did not find.
    pub(crate) fn joined(&self, last: Evidence, already_gone: &[String]) -> Evidence {
        let held = last.deleted.iter().chain(already_gone);
        let cut_off = self.deleted_before(held);
        let mut seen = BTreeSet::new();
        let all = self.deleted.iter().chain(&cut_off).chain(&last.deleted);
        let deleted = all.filter(|address| seen.insert(*address)).cloned();
        Evidence {
            serial_before: self.serial.unwrap_or(last.serial_before),
            deleted: deleted.collect(),
            ..last
        }
    }

    /// The SHA-256 of the event stream of each earlier pass that told it.
    pub(crate) fn streams(&self) -> &[String] {
        &self.streams
    }
}

/// A list as it stands in an event. Addresses may hold spaces.
pub(crate) fn list(addresses: &[String]) -> String {
    serde_json::Value::from(addresses.to_vec()).to_string()
}

/// Keeps a list by its content, so that a destroy that fails again and again is one list.
///
/// # Errors
/// The ledger could not be written.
pub(crate) async fn keep(book: &dyn Blobs, addresses: &[String]) -> Result<String, BookError> {
    book.keep(list(addresses).as_bytes()).await
}

async fn fetch(book: &dyn Ledger, sha256: &str) -> Result<Vec<String>, BookError> {
    let kept = book.fetch(sha256).await?;
    let read = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if read.is_none() {
        tracing::warn!(%sha256, "the ledger does not hold the inventory of an interrupted pass");
    }
    Ok(read.unwrap_or_default())
}

/// What `events` tell of `operation`, and where the list is whose result is not recorded. A renewal begins anew.
fn told(events: &[ChainedEvent], operation: &str) -> (EarlierPasses, Option<String>) {
    let mut earlier = EarlierPasses::default();
    let mut open = None;
    let (mut claimed, mut serial_was) = (None, None);
    for event in events.iter().map(|chained| &chained.event) {
        if event.kind == EventKind::Renewed {
            (earlier, open) = (EarlierPasses::default(), None);
        }
        if event.operation.as_deref() != Some(operation) {
            continue;
        }
        match event.kind {
            EventKind::Claimed => {
                claimed = event
                    .detail
                    .get("serial")
                    .and_then(|text| text.parse().ok());
            }
            EventKind::Step if is_applying(event) => {
                serial_was = earlier.serial;
                earlier.serial = earlier.serial.or(claimed);
                earlier.deleted.extend(listed(event, DELETED_BEFORE));
                open = event.detail.get(TO_DELETE).cloned();
            }
            EventKind::Failed | EventKind::Skipped => {
                earlier
                    .streams
                    .extend(event.detail.get(EVENTS_SHA256).cloned());
                // Who could not see what was left says nothing, and the next pass finds out.
                if event.detail.contains_key(DELETED) {
                    earlier.deleted.extend(listed(event, DELETED));
                    open = None;
                    if event.kind == EventKind::Skipped {
                        earlier.serial = serial_was;
                    }
                }
            }
            _ => {}
        }
    }
    (earlier, open)
}

fn is_applying(event: &Event) -> bool {
    event.detail.get("step").map(String::as_str) == Some(TeardownStep::Applying.as_str())
}

fn listed(event: &Event, key: &str) -> Vec<String> {
    let text = event.detail.get(key);
    text.and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
