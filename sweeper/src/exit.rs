//! How the process ends: every exit code and what it means, once, for the code and for the documentation.
//!
//! Scripts and timers read these numbers, so a number never changes its meaning.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitStatus {
    /// Done, and nothing is left to say.
    Clean,
    /// An unexpected error.
    Unexpected,
    /// Something is due, or left for the next sweep.
    Due,
    /// Something was not done and needs a person, or does not hold.
    Failed,
    /// A brake stopped the sweep.
    Brake,
    /// Something could not be read.
    Blind,
    /// The command line or the configuration is wrong.
    Usage,
}

impl ExitStatus {
    /// Every status, by code.
    pub const ALL: [Self; 7] = [
        Self::Clean,
        Self::Unexpected,
        Self::Due,
        Self::Failed,
        Self::Brake,
        Self::Blind,
        Self::Usage,
    ];

    /// Its code, its word and its meaning.
    fn row(self) -> (u8, &'static str, &'static str) {
        match self {
            Self::Clean => (
                0,
                "clean",
                "the command succeeded, and a sweep left nothing due and nothing to review",
            ),
            Self::Unexpected => (
                1,
                "unexpected",
                "an unexpected error; please report the output on standard error",
            ),
            Self::Due => (
                2,
                "due",
                "`plan` found something to destroy, retry or review; or `apply` left something for the next sweep: \
                 deferred by the rate or by a first sweep, due but not in the saved plan, or waiting for a retry \
                 after a failure",
            ),
            Self::Failed => (
                3,
                "failed",
                "something failed and needs a person: a teardown failed or was skipped, a sweep left something to \
                 review, a record does not allow the requested change, or a chain of events is broken",
            ),
            Self::Brake => (
                4,
                "brake",
                "a brake stopped the sweep; nothing was destroyed",
            ),
            Self::Blind => (
                5,
                "blind",
                "the ledger, a record or a state could not be read; what could not be read was left alone",
            ),
            // EX_USAGE of sysexits.h: far from the codes above, and from those a shell makes up (126 and higher).
            Self::Usage => (
                64,
                "usage",
                "the command line or the configuration is wrong, or names something that does not exist; nothing \
                 was changed",
            ),
        }
    }

    /// The number the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        self.row().0
    }

    /// One word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// What it means, in one sentence.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        self.row().2
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_code_and_a_word_of_its_own() {
        for status in ExitStatus::ALL {
            let same = |other: &&ExitStatus| {
                other.code() == status.code() || other.as_str() == status.as_str()
            };
            assert_eq!(ExitStatus::ALL.iter().filter(same).count(), 1, "{status:?}");
        }
    }
}
