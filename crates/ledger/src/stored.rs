//! The serde treaty: versioned records, apart from the types the code thinks in.
//!
//! Invariant: what one version wrote, every later version reads, and an older one refuses by name instead of guessing.
//! A stored record is one JSON object that begins with `kind` and `version`. Every field is always written, an absence
//! as `null`; a field that is missing or unknown is refused, so that nothing is dropped on the way back.
//!
//! Changing a record, in three cases. New reader, old data: the reader keeps a reader for every version there was.
//! Old reader, new data: any change of shape is a new version, which the old reader refuses as
//! [`RecordError::Newer`]. Old writer, new data: it must read before it writes, so it is refused as well.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{book::Record, fact::Cause};

mod environment;
pub mod event;
mod identity;
mod lease;
mod lifecycle;
pub mod plan;
mod run;
mod scope;
mod state_address;
mod time;

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
    /// A kind nobody here knows.
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

/// The stored text of `record`, in the newest version of its kind. The same record is always the same text.
///
/// Instants are kept in milliseconds; what is finer is cut off. Durations keep their spelling byte for byte.
#[must_use]
pub fn encode(record: &Record) -> String {
    match record {
        Record::Environment(environment) => {
            write(&environment::EnvironmentV1::from_core(environment))
        }
        Record::Lease(lease) => write(&lease::LeaseV1::from_core(lease)),
        Record::Scope(scope) => write(&scope::ScopeV1::from_core(scope)),
        Record::Run(run) => write(&run::RunV1::from_core(run)),
    }
}

/// Reads what [`encode`] wrote, in this version of the software or an earlier one.
///
/// # Errors
/// What does not fit, with the kind and version of the record where it says them.
pub fn decode(text: &str) -> Result<Record, RecordError> {
    let head: Head = serde_json::from_str(text).map_err(|error| RecordError::Headless {
        cause: error.to_string(),
    })?;
    match head.kind.as_str() {
        environment::KIND => {
            let record: environment::EnvironmentV1 = read(environment::KIND, &head, text)?;
            into_core(environment::KIND, record.into_core()).map(Record::Environment)
        }
        lease::KIND => {
            let record: lease::LeaseV1 = read(lease::KIND, &head, text)?;
            into_core(lease::KIND, record.into_core()).map(Record::Lease)
        }
        scope::KIND => {
            let record: scope::ScopeV1 = read(scope::KIND, &head, text)?;
            into_core(scope::KIND, record.into_core()).map(Record::Scope)
        }
        run::KIND => {
            let record: run::RunV1 = read(run::KIND, &head, text)?;
            into_core(run::KIND, record.into_core()).map(Record::Run)
        }
        _ => Err(RecordError::UnknownKind { found: head.kind }),
    }
}

/// The first version, which every kind has so far.
const FIRST: u64 = 1;

/// What every record says first. The rest is read once the version is known.
#[derive(Deserialize)]
struct Head {
    kind: String,
    version: u64,
}

fn read<T: DeserializeOwned>(
    kind: &'static str,
    head: &Head,
    text: &str,
) -> Result<T, RecordError> {
    match head.version {
        FIRST => serde_json::from_str(text).map_err(|error| RecordError::Malformed {
            kind,
            version: FIRST,
            cause: error.to_string(),
        }),
        0 => Err(RecordError::Malformed {
            kind,
            version: 0,
            cause: "versions are counted from 1".to_owned(),
        }),
        found => Err(RecordError::Newer {
            kind,
            found,
            newest: FIRST,
        }),
    }
}

fn into_core<T>(kind: &'static str, converted: Result<T, Cause>) -> Result<T, RecordError> {
    converted.map_err(|cause| RecordError::Malformed {
        kind,
        version: FIRST,
        cause: cause.0,
    })
}

fn write<T: Serialize>(record: &T) -> String {
    serde_json::to_string(record)
        .expect("structs of texts, numbers and maps keyed by text always have a JSON form")
}
