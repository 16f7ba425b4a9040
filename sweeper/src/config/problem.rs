//! What can be wrong with a configuration, in words. A value of a provider configuration is never shown.

use std::{fmt, io, path::PathBuf};

use ledger::book::location::NoStateHome;
use thiserror::Error;

use crate::{config::origin::Origin, exit::ExitStatus, failure::Expected};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it was typed.
    pub origin: Origin,
    /// What is wrong and what would be right.
    pub found: String,
}

/// `` `rate` in `sweeper.toml`, line 3: … ``.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.origin, self.found)
    }
}

/// Why there is no configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file that was named, or that is there, and cannot be read.
    #[error("cannot read the configuration file `{}`{named_by}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Who named it, in words; empty for a default.
        named_by: String,
        /// What happened.
        source: io::Error,
    },
    /// A file that is not TOML.
    #[error("the configuration file `{}` is not TOML: line {line}: {found}", path.display())]
    NotToml {
        /// Which file.
        path: PathBuf,
        /// In which line, from 1.
        line: usize,
        /// What the parser says.
        found: String,
    },
    /// No ledger is named, and there is no default place for one.
    #[error(transparent)]
    NoStateHome(#[from] NoStateHome),
    /// Settings that are wrong. At least one.
    #[error("the configuration is not right: {}", list(problems))]
    Wrong {
        /// All of them.
        problems: Vec<Problem>,
    },
}

/// One problem in the same line, several in a line each.
fn list(problems: &[Problem]) -> String {
    match problems {
        [only] => only.to_string(),
        several => several
            .iter()
            .map(|problem| format!("\n  {problem}"))
            .collect(),
    }
}

impl Expected for ConfigError {
    fn status(&self) -> ExitStatus {
        ExitStatus::Usage
    }
}
