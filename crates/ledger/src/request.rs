//! What a person may ask of one record: that it lives longer, that nothing happens to it. Decisions only: the record as
//! it is goes in, the record as it should be or a refusal comes out. Each caller has its own words for a refusal.

pub mod extend;
pub mod hold;

use crate::{book::Record, event::EventKind};

/// What a decision wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The record as it should be.
    pub record: Record,
    /// What tells of it.
    pub kind: EventKind,
    /// Details of the event.
    pub detail: Vec<(&'static str, String)>,
}
