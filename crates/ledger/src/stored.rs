//! The stored forms: versioned, and apart from the types the code thinks in.
//!
//! A stored record is one JSON object that begins with `kind` and `version`. Every member is always written, an absence as
//! `null`; a member that is missing is refused.
//!
//! Records grow without a flag day ([decision 0011](../../../docs/decisions/0011-records-that-grow.md)): a member that this
//! version does not know is kept byte for byte, and written back by [`encode_over`]. A new version of a kind says that a
//! member means something else than before; an older reader refuses it as [`RecordError::Newer`]. A word that is not known
//! where a word decides, such as a step or what happens at the expiry, is refused too: it is neither guessed nor dropped.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{fact::Cause, record::Record};

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
pub(crate) mod unknown;

use environment::EnvironmentV1;
use lease::LeaseV1;
use run::RunV1;
use scope::ScopeV1;

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

/// The stored form of one kind of record.
trait Form: Serialize + DeserializeOwned {
    /// The type the code thinks in.
    type Core;
    /// The word for the kind.
    const KIND: &'static str;
    /// The newest version of this kind.
    const VERSION: u64;

    fn from_core(core: &Self::Core) -> Self;
    fn into_core(self) -> Result<Self::Core, Cause>;
}

/// The stored text of `record`, in the newest version of its kind. The same record is always the same text.
///
/// Instants are kept in milliseconds; what is finer is cut off. Durations keep their spelling byte for byte.
#[must_use]
pub fn encode(record: &Record) -> String {
    match record {
        Record::Environment(core) => write(&EnvironmentV1::from_core(core)),
        Record::Lease(core) => write(&LeaseV1::from_core(core)),
        Record::Scope(core) => write(&ScopeV1::from_core(core)),
        Record::Run(core) => write(&RunV1::from_core(core)),
    }
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
    match head.kind.as_str() {
        EnvironmentV1::KIND => read::<EnvironmentV1>(&head, text).map(Record::Environment),
        LeaseV1::KIND => read::<LeaseV1>(&head, text).map(Record::Lease),
        ScopeV1::KIND => read::<ScopeV1>(&head, text).map(Record::Scope),
        RunV1::KIND => read::<RunV1>(&head, text).map(Record::Run),
        _ => Err(RecordError::UnknownKind { found: head.kind }),
    }
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
}

fn read<F: Form>(head: &Head, text: &str) -> Result<F::Core, RecordError> {
    let malformed = |cause| RecordError::Malformed {
        kind: F::KIND,
        version: head.version,
        cause,
    };
    match head.version {
        0 => Err(malformed("versions are counted from 1".to_owned())),
        found if F::VERSION < found => Err(RecordError::Newer {
            kind: F::KIND,
            found,
            newest: F::VERSION,
        }),
        // Every kind has one version so far.
        _ => serde_json::from_str(text)
            .map_err(|error| malformed(error.to_string()))
            .and_then(|form: F| form.into_core().map_err(|cause| malformed(cause.0))),
    }
}

fn write<T: Serialize>(record: &T) -> String {
    serde_json::to_string(record)
        .expect("structs of texts, numbers and maps keyed by text always have a JSON form")
}
