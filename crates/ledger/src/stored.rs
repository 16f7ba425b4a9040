//! The stored forms: versioned, and apart from the types the code thinks in.
//!
//! A stored record is one JSON object that begins with `kind` and `version`. Every member is always written, an absence as
//! `null`; a member that is missing is refused.
//!
//! Records grow without a flag day ([decision 0011](../../../docs/decisions/0011-records-that-grow.md)): a member that this
//! version does not know is kept byte for byte, and written back by [`encode_over`]. A new version of a kind says that a
//! member means something else than before; an older reader refuses it as [`RecordError::Newer`]. A word that is not known
//! where a word decides, such as a step or what happens at the expiry, is refused too: it is neither guessed nor dropped.

use serde::{Deserialize, Serialize};
use serde_path_to_error::Track;

use crate::{fact::Cause, record::Record};

pub mod event;
mod fields;
pub mod plan;
mod records;
pub(crate) mod unknown;

use records::{EnvironmentV1, LeaseV1, RecordV1, RunV1, ScopeV1};

/// The kinds of record, each with its newest version.
const KINDS: [(&str, u64); 4] = [("environment", 1), ("lease", 1), ("scope", 1), ("run", 1)];

/// Why a stored text is not a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It does not even say what it is.
    #[error(
        "expected a record that says what it is, for example `{{\"kind\":\"environment\",\"version\":1,…}}`; \
         reading it: {cause}"
    )]
    Headless {
        /// What the parser found.
        cause: String,
    },
    /// A kind that this version does not know.
    #[error(
        "`{found}` is not a kind of record known here; expected `environment`, `lease`, `run` or `scope`. It may be written \
         by a newer version of this software: upgrade to read it"
    )]
    UnknownKind {
        /// What it says.
        found: String,
    },
    /// A version that does not exist yet.
    #[error(
        "the {kind} record has version {found} and was written by a newer version of this software; this one reads up \
         to version {newest}: upgrade to read it"
    )]
    Newer {
        /// Which kind of record.
        kind: &'static str,
        /// The version it has.
        found: u64,
        /// The newest version known here.
        newest: u64,
    },
    /// A known version, and not what that version holds.
    #[error("reading the {kind} record, version {version}: {cause}")]
    Malformed {
        /// Which kind of record.
        kind: &'static str,
        /// The version it has.
        version: u64,
        /// What does not fit.
        cause: String,
    },
}

impl From<RecordError> for Cause {
    fn from(error: RecordError) -> Self {
        Self(error.to_string())
    }
}

/// A record with its head.
#[derive(Serialize)]
struct Written<'a> {
    kind: &'static str,
    version: u64,
    #[serde(flatten, with = "RecordV1")]
    record: &'a Record,
}

/// The stored text of `record`, in the newest version of its kind. The same record is always the same text.
///
/// Instants are kept in milliseconds; what is finer is cut off. Durations keep their spelling byte for byte.
#[must_use]
pub fn encode(record: &Record) -> String {
    let [environment, lease, scope, run] = KINDS;
    let (kind, version) = match record {
        Record::Environment(_) => environment,
        Record::Lease(_) => lease,
        Record::Scope(_) => scope,
        Record::Run(_) => run,
    };
    write(&Written {
        kind,
        version,
        record,
    })
}

/// The stored text of `record` in the place of `before`, the text it was read from: with what `before` holds that this
/// version does not know. An object that is replaced by another, such as a hold by a new hold, takes what is unknown of it
/// along.
///
/// # Errors
/// `before` is a record that cannot be understood, so that it is not known what would be lost. What is no record at all,
/// as a damaged disk leaves it, holds nothing to keep.
pub fn encode_over(record: &Record, before: &str) -> Result<String, RecordError> {
    let after = encode(record);
    let known = match decode(before) {
        Ok(known) => encode(&known),
        Err(RecordError::Headless { .. }) => return Ok(after),
        Err(error) => return Err(error),
    };
    Ok(if known == before {
        after
    } else {
        unknown::carry_over(before, &known, &after)
    })
}

/// Reads what [`encode`] wrote, in this version of the software, an earlier one, or a later one that only added members.
///
/// # Errors
/// What does not fit, with the kind and version of the record where it says them.
pub fn decode(text: &str) -> Result<Record, RecordError> {
    let head = Head::of(text)?;
    let kind = KINDS.into_iter().find(|(kind, _)| *kind == head.kind);
    let Some((kind, newest)) = kind else {
        return Err(RecordError::UnknownKind { found: head.kind });
    };
    head.check(kind, newest)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let mut track = Track::new();
    let form = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let read = match kind {
        "environment" => EnvironmentV1::deserialize(form).map(Record::Environment),
        "lease" => LeaseV1::deserialize(form).map(Record::Lease),
        "scope" => ScopeV1::deserialize(form).map(Record::Scope),
        _ => RunV1::deserialize(form).map(Record::Run),
    };
    read.map_err(|error| {
        let named = serde_path_to_error::Error::new(track.path(), error);
        head.malformed(kind, named.to_string())
    })
}

/// What every record says first. The rest is read once the version is known.
#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u64,
}

impl Head {
    fn of(text: &str) -> Result<Self, RecordError> {
        serde_json::from_str(text).map_err(|error| RecordError::Headless {
            cause: error.to_string(),
        })
    }

    /// Whether the version is one that this software reads; every kind has one so far.
    fn check(&self, kind: &'static str, newest: u64) -> Result<(), RecordError> {
        match self.version {
            0 => Err(self.malformed(kind, "versions are counted from 1".to_owned())),
            found if newest < found => Err(RecordError::Newer {
                kind,
                found,
                newest,
            }),
            _ => Ok(()),
        }
    }

    fn malformed(&self, kind: &'static str, cause: String) -> RecordError {
        RecordError::Malformed {
            kind,
            version: self.version,
            cause,
        }
    }
}

fn write<T: Serialize>(record: &T) -> String {
    serde_json::to_string(record)
        .expect("structs of texts, numbers and maps keyed by text always have a JSON form")
}
