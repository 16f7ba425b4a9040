//! Where a setting was typed.

use std::{fmt, path::PathBuf};

/// Where a setting was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(&'static str),
    /// In the environment.
    Variable(String),
    /// In a configuration file.
    File {
        /// Which file.
        path: PathBuf,
        /// In which line, from 1.
        line: usize,
        /// Under which key.
        key: String,
    },
}

/// `` `--scope` ``, `` `EPHEMERAL_RATE` in the environment ``, `` `rate` in sweeper.toml, line 3 ``.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(f, "`{name}` on the command line"),
            Self::Variable(name) => write!(f, "`{name}` in the environment"),
            Self::File { path, line, key } => {
                write!(f, "`{key}` in `{}`, line {line}", path.display())
            }
        }
    }
}

/// A value and where it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<T> {
    /// The value.
    pub value: T,
    /// Where it was typed.
    pub origin: Origin,
}
