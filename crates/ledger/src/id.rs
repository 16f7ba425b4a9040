//! Names, ids and counters. Each is checked once, here, and cannot be wrong afterwards.
//!
//! Ids hold only `[a-z0-9-]`, at most 63 characters, so that they are keys, file names, tag values and labels as they
//! stand on every store and cloud.

use std::fmt;

use crate::clock::Timestamp;

/// The most characters an id or a name may have: the limit of a DNS label, a Kubernetes label and a GCP label.
pub const MAX_CHARS: usize = 63;

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing.
    #[error("an empty {what} names nothing; for example `{example}`")]
    Empty {
        /// What was being named.
        what: &'static str,
        /// A right one.
        example: &'static str,
    },
    /// Longer than [`MAX_CHARS`].
    #[error(
        "`{found}` has {chars} characters, and {MAX_CHARS} is the most for this {what}; for example `{example}`"
    )]
    TooLong {
        /// What was being named.
        what: &'static str,
        /// The beginning of the text.
        found: String,
        /// The length of all of it.
        chars: usize,
        /// A right one.
        example: &'static str,
    },
    /// A character that some store or cloud does not allow.
    #[error(
        "`{found}` holds `{character}` where it may not stand; {what}s are made of lower-case letters, digits and `-`, begin \
         with a letter and do not end with `-`, for example `{example}`"
    )]
    Character {
        /// What was being named.
        what: &'static str,
        /// The text.
        found: String,
        /// The first character that does not fit where it stands.
        character: char,
        /// A right one.
        example: &'static str,
    },
}

fn check(what: &'static str, example: &'static str, text: &str) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty { what, example });
    }
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        return Err(NameError::TooLong {
            what,
            found: format!("{}…", text.chars().take(MAX_CHARS).collect::<String>()),
            chars,
            example,
        });
    }
    let last = chars - 1;
    let wrong = text.chars().enumerate().find(|(place, character)| {
        let fits = match character {
            'a'..='z' => true,
            '0'..='9' => 0 < *place,
            '-' => 0 < *place && *place < last,
            _ => false,
        };
        !fits
    });
    match wrong {
        None => Ok(()),
        Some((_, character)) => Err(NameError::Character {
            what,
            found: text.to_owned(),
            character,
            example,
        }),
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident, $what:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(String);

        impl $type {
            /// Reads `text`.
            ///
            /// # Errors
            /// Which rule of names it breaks, with an example.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check($what, $example, text)?;
                Ok(Self(text.to_owned()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name!(
    /// The name people give an environment, unique among the live ones of a ledger.
    EnvironmentName, "environment name", "pr-128"
);
name!(
    /// The id of one generation of an environment: `env-` and a time-ordered UUID.
    EnvironmentId, "environment id", "env-0190163d8694739bac4a5eb0f4a0b2c1"
);
name!(
    /// The id of a lease: `lease-` and a time-ordered UUID.
    LeaseId, "lease id", "lease-0190163d8694739bac4a5eb0f4a0b2c1"
);
name!(
    /// The id of a run of Terraform: `run-` and a time-ordered UUID.
    RunId, "run id", "run-0190163d8694739bac4a5eb0f4a0b2c1"
);
name!(
    /// What one sweeper looks after. Its history feeds the brakes.
    ScopeName, "scope name", "default"
);

fn fresh(kind: &str, at: Timestamp) -> String {
    format!("{kind}-{}", ordered(at.timestamp_millis()).simple())
}

/// The id of a new ledger, made at `millis` since 1970.
pub(crate) fn fresh_ledger_id(millis: i64) -> String {
    ordered(millis).hyphenated().to_string()
}

/// A UUID that is ordered by the time of its making.
fn ordered(millis: i64) -> uuid::Uuid {
    let millis = u64::try_from(millis).unwrap_or_default();
    let nanos = u32::try_from(millis % 1000).unwrap_or_default() * 1_000_000;
    let stamp = uuid::Timestamp::from_unix_time(millis / 1000, nanos, 0, 0);
    uuid::Uuid::new_v7(stamp)
}

impl EnvironmentId {
    /// A new id, ordered by `at`.
    #[must_use]
    pub fn fresh(at: Timestamp) -> Self {
        Self(fresh("env", at))
    }
}

impl LeaseId {
    /// A new id, ordered by `at`.
    #[must_use]
    pub fn fresh(at: Timestamp) -> Self {
        Self(fresh("lease", at))
    }
}

impl RunId {
    /// A new id, ordered by `at`.
    #[must_use]
    pub fn fresh(at: Timestamp) -> Self {
        Self(fresh("run", at))
    }
}

/// Which life of a name this is: the first is 1, and every re-creation adds one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

impl Generation {
    /// The first life.
    pub const FIRST: Self = Self(1);

    /// Reads a count; `None` for zero.
    #[must_use]
    pub fn new(count: u64) -> Option<Self> {
        (0 < count).then_some(Self(count))
    }

    /// The next life.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The count, at least 1.
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number that only grows: every claim of a record gets a higher one, and a write under a lower one is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fence(pub u64);

impl fmt::Display for Fence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The revision of a stored record: 1 at creation, one more at each write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// Who holds a claim: a host and a process, for people to read and for take-over to check.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Holder(pub String);

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
