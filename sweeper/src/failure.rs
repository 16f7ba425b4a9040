//! An error on its way to the top: what happened, how the process ends for it, what a person can do.
//!
//! Every error a command may end with says the last two itself; `main` prints the chain once.

use std::{error::Error, fmt, fmt::Write as _};

use ledger::book::BookError;

use crate::exit::ExitStatus;

/// An error the sweeper foresaw.
pub trait Expected: Error + Send + Sync + 'static {
    /// How the process ends for it.
    fn status(&self) -> ExitStatus;

    /// What a person can do, where the error itself does not say it.
    fn hint(&self) -> Option<String> {
        None
    }
}

/// An error of one place: what was being done, and the next step.
#[derive(Debug, thiserror::Error)]
#[error("{doing}")]
pub struct Undone {
    status: ExitStatus,
    doing: String,
    hint: Option<&'static str>,
    source: anyhow::Error,
}

impl Undone {
    /// What was being done, as `cannot …`, and why it was not.
    #[must_use]
    pub fn new(
        status: ExitStatus,
        doing: String,
        hint: Option<&'static str>,
        source: impl Into<anyhow::Error>,
    ) -> Self {
        Self {
            status,
            doing,
            hint,
            source: source.into(),
        }
    }
}

impl Expected for Undone {
    fn status(&self) -> ExitStatus {
        self.status
    }

    fn hint(&self) -> Option<String> {
        self.hint.map(str::to_owned)
    }
}

/// The error a command ended with.
#[derive(Debug)]
pub struct Failure(Box<dyn Expected>);

impl<E: Expected> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl Failure {
    /// How the process ends for it.
    #[must_use]
    pub fn status(&self) -> ExitStatus {
        self.0.status()
    }

    /// What was found, in one line, without its causes.
    #[must_use]
    pub fn message(&self) -> String {
        self.0.to_string()
    }
}

/// The whole chain: `error: …`, one `caused by: …` for each source, and the hint in a paragraph of its own.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("error: {}", self.0);
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(text, "\ncaused by: {cause}")?;
            source = cause.source();
        }
        if let Some(hint) = self.0.hint() {
            write!(text, "\n\nhint: {hint}")?;
        }
        f.write_str(&text)
    }
}

impl Expected for BookError {
    fn status(&self) -> ExitStatus {
        match self {
            Self::Unreachable { .. } | Self::Corrupt { .. } => ExitStatus::Blind,
            Self::Conflict { .. }
            | Self::Exists { .. }
            | Self::Missing { .. }
            | Self::Claimed { .. }
            | Self::Fenced { .. } => ExitStatus::Failed,
        }
    }

    fn hint(&self) -> Option<String> {
        self.remedy().map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use ledger::fact::Cause;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot show it")]
    struct Outer(#[source] BookError);

    impl Expected for Outer {
        fn status(&self) -> ExitStatus {
            self.0.status()
        }

        fn hint(&self) -> Option<String> {
            Some("look elsewhere".to_owned())
        }
    }

    #[test]
    fn the_chain_is_printed_once_and_the_hint_stands_alone() {
        let failure = Failure::from(Outer(BookError::Corrupt {
            subject: "env-1".to_owned(),
            cause: Cause("it is empty".to_owned()),
        }));
        assert_eq!(
            failure.to_string(),
            "error: cannot show it\ncaused by: env-1 cannot be understood: it is empty\n\nhint: look elsewhere"
        );
        assert_eq!(failure.status(), ExitStatus::Blind);
    }
}
