//! The stored and canonical form of an event.

use crate::event::ChainedEvent;

/// The one canonical text of an event in its place: what its hash covers, besides the hash before it.
#[must_use]
pub fn canonical(chained: &ChainedEvent) -> String {
    format!("{chained:?}")
}
