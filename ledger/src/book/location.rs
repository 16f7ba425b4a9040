//! Where a ledger is: the text of `EPHEMERAL_LEDGER`, read and written. It opens nothing.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Where a ledger is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Location {
    /// A SQLite file, by its absolute path.
    Sqlite(PathBuf),
}

/// Why a text is no location. The text itself is never part of the message: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// No `scheme://`.
    #[error(
        "a ledger's location begins with its kind; write `sqlite://` and an absolute path, for example `{EXAMPLE}`"
    )]
    NoScheme,
    /// A kind of ledger that does not exist.
    #[error("`{0}` is not a kind of ledger; the only kind is `sqlite`, for example `{EXAMPLE}`")]
    UnknownScheme(String),
    /// A path that means something else in every directory.
    #[error(
        "the path of a sqlite ledger must be absolute, because Terraform and the sweeper run in different directories; \
         write three slashes, for example `{EXAMPLE}`"
    )]
    Relative,
    /// No file's name at the end.
    #[error("the path of a sqlite ledger names a file, for example `{EXAMPLE}`")]
    NoFile,
    /// Something after a `?` or `#`.
    #[error(
        "a sqlite ledger takes no options after its path; write only the path, for example `{EXAMPLE}`"
    )]
    Options,
}

const EXAMPLE: &str = "sqlite:///var/lib/ephemeral/ledger.sqlite3";

impl Location {
    /// Reads `sqlite:///absolute/path`.
    ///
    /// # Errors
    /// What is missing or unknown, with an example of what would be right.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let (scheme, rest) = text
            .trim()
            .split_once("://")
            .ok_or(LocationError::NoScheme)?;
        if scheme != "sqlite" {
            let is_a_word = scheme
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character));
            return Err(if is_a_word && !scheme.is_empty() {
                LocationError::UnknownScheme(scheme.to_owned())
            } else {
                LocationError::NoScheme
            });
        }
        if rest.contains(['?', '#']) {
            return Err(LocationError::Options);
        }
        if !rest.starts_with('/') {
            return Err(LocationError::Relative);
        }
        let path = PathBuf::from(rest);
        if rest.ends_with('/') || path.file_name().is_none() {
            return Err(LocationError::NoFile);
        }
        Ok(Self::Sqlite(path))
    }

    /// The ledger of a person or a CI account that named none: `<state_home>/ephemeral/ledger.sqlite3`.
    #[must_use]
    pub fn default_in(state_home: &Path) -> Self {
        Self::Sqlite(state_home.join("ephemeral").join("ledger.sqlite3"))
    }
}

/// What [`Location::parse`] reads, without secrets.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_is_read() {
        for text in [EXAMPLE, "sqlite:///a b/ü.db"] {
            let location = Location::parse(text).expect("a location");
            assert_eq!(location.to_string(), text);
            assert_eq!(Location::parse(&location.to_string()), Ok(location));
        }
    }

    #[test]
    fn the_default_is_a_file_in_the_state_home() {
        let location = Location::default_in(Path::new("/home/me/.local/state"));
        assert_eq!(
            location.to_string(),
            "sqlite:///home/me/.local/state/ephemeral/ledger.sqlite3"
        );
    }

    #[test]
    fn every_wrong_text_is_refused_with_an_example() {
        let wrong = [
            ("", LocationError::NoScheme),
            ("/var/lib/ledger.sqlite3", LocationError::NoScheme),
            ("sqlite:ledger.sqlite3", LocationError::NoScheme),
            ("://x", LocationError::NoScheme),
            ("sqlite://ledger.sqlite3", LocationError::Relative),
            ("sqlite://./ledger.sqlite3", LocationError::Relative),
            ("sqlite://", LocationError::Relative),
            ("sqlite:///", LocationError::NoFile),
            ("sqlite:///var/lib/", LocationError::NoFile),
            ("sqlite:///var/lib/..", LocationError::NoFile),
            ("sqlite:///x.db?mode=rwc", LocationError::Options),
            (
                "redis://x",
                LocationError::UnknownScheme("redis".to_owned()),
            ),
        ];
        for (text, expected) in wrong {
            let error = Location::parse(text).expect_err(text);
            assert_eq!(error, expected, "{text}");
            assert!(error.to_string().contains(EXAMPLE), "{error}");
        }
    }

    #[test]
    fn a_password_in_a_wrong_location_is_not_repeated() {
        for text in ["postgres://me:hunter2@db/ledger", "me:hunter2@://db"] {
            let shown = Location::parse(text).expect_err("refused").to_string();
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
