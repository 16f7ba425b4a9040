//! Why there is no document: what arrived is refused, or it is not known what is there.

use std::{io, path::Path};

use ledger::fact::Cause;
use thiserror::Error;

use crate::refusal::StateRefusal;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateError {
    /// The bytes arrived, and the sweeper does not work with them.
    #[error(transparent)]
    Refused(#[from] StateRefusal),
    /// The bytes did not arrive; it is not known what is there.
    #[error("{cause}")]
    Unreadable {
        /// What was met.
        cause: Cause,
        /// What a person can do.
        remedy: String,
    },
}

impl StateError {
    /// What a person can do.
    #[must_use]
    pub fn remedy(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.remedy(),
            Self::Unreadable { remedy, .. } => remedy,
        }
    }
}

/// An [`StateError::Unreadable`].
pub(crate) fn unreadable(cause: impl Into<String>, remedy: impl Into<String>) -> StateError {
    StateError::Unreadable {
        cause: Cause(cause.into()),
        remedy: remedy.into(),
    }
}

/// The error for `path`, which answered `error`.
pub(crate) fn not_readable(path: &Path, error: &io::Error) -> StateError {
    unreadable(
        format!("cannot read `{}`: {error}", path.display()),
        "check that the disk is mounted and that the sweeper's user may read the file",
    )
}
