//! Kept states: what `state list` and `state open` print with `--json`. Never a part of a state.

use serde::Serialize;

use super::instant;
use crate::rescue::seal::Header;

/// `state list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptStatesJson {
    /// The version of this shape.
    pub version: u32,
    /// Where they are kept.
    pub directory: String,
    /// What is kept, by file.
    pub kept: Vec<KeptStateJson>,
}

/// `state open`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenedJson {
    /// The version of this shape.
    pub version: u32,
    /// Where the state was written, in clear.
    pub out: String,
    /// What was opened.
    pub kept: KeptStateJson,
}

/// One kept state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptStateJson {
    /// The name of its file.
    pub file: String,
    /// Whether it is sealed and opens.
    pub sound: bool,
    /// Why not.
    pub problem: Option<String>,
    /// What its header says; proven if and only if it is sound. `null` where it is in clear or has none.
    pub header: Option<HeaderJson>,
}

/// The header of a sealed state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderJson {
    /// Whose state it is.
    pub environment: String,
    /// Which life of it.
    pub generation: u64,
    /// The teardown that could not save it.
    pub operation: String,
    /// Where it belongs.
    pub address: String,
    /// The serials that teardown found there.
    pub found: Vec<u64>,
    /// Its lineage.
    pub lineage: String,
    /// Its serial.
    pub serial: u64,
    /// When it was sealed.
    pub at: String,
}

impl From<&Header> for HeaderJson {
    fn from(header: &Header) -> Self {
        Self {
            environment: header.environment.to_string(),
            generation: header.generation.get(),
            operation: header.operation.clone(),
            address: header.address.clone(),
            found: header.found.clone(),
            lineage: header.lineage.clone(),
            serial: header.serial,
            at: instant(header.at),
        }
    }
}
