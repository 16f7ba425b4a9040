//! Who asked: an issuer and a subject, and whether anybody vouches for them.

use std::fmt;

/// How far an identity can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Read from the environment of the process; anybody could have written it.
    Claimed,
    /// Proven by a token whose signature, issuer, audience and expiry were checked.
    Verified,
}

impl Standing {
    /// The word used in records and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Verified => "verified",
        }
    }
}

/// Who made, changed or ended something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Who names them: a CI system's address, or `local`.
    pub issuer: String,
    /// Whom they name: a workflow, a job, or `user@host`.
    pub subject: String,
    /// Whether that was checked.
    pub standing: Standing,
}

impl Identity {
    /// An identity nobody checked.
    #[must_use]
    pub fn claimed(issuer: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            subject: subject.into(),
            standing: Standing::Claimed,
        }
    }
}

/// `user@host (local, claimed)`.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            issuer,
            subject,
            standing,
        } = self;
        write!(f, "{subject} ({issuer}, {})", standing.as_str())
    }
}
