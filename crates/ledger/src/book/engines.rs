//! The engines, each in one line, and the one way to open a ledger.
//!
//! A new engine is a folder beside `sqlite` with its [`Engine`], and a line in [`ENGINES`]. Outside this crate no engine is
//! named: callers know a [`Location`] and a [`Ledger`].

use std::{path::Path, sync::Arc};

use super::{
    BookError, Ledger,
    engine::{Engine, Missing},
    location::{Location, LocationError},
    sqlite,
};
use crate::fact::Cause;

/// Every engine that a location can name.
const ENGINES: &[Engine] = &[sqlite::ENGINE];

/// Opens the ledger at `location`.
///
/// # Errors
/// [`BookError::Unreachable`] with what was found: nothing where it must exist, no permission, not a ledger, a newer version.
pub async fn open(location: &Location, missing: Missing) -> Result<Arc<dyn Ledger>, BookError> {
    let known = engine(location.scheme()).map_err(|error| BookError::Unreachable {
        doing: "open",
        place: location.to_string(),
        cause: Cause(error.to_string()),
        remedy: "correct the location of the ledger",
    })?;
    (known.open)(location, missing).await
}

impl Location {
    /// Reads `sqlite:///absolute/path`; on Windows with its drive, `sqlite:///C:/absolute/path`.
    ///
    /// # Errors
    /// What is missing or unknown, with an example of what would be right.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let example = ENGINES.first().map_or("", |engine| engine.example);
        let is_a_word = |scheme: &str| {
            !scheme.is_empty()
                && scheme
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
        };
        match text.trim().split_once("://") {
            Some((scheme, rest)) if is_a_word(scheme) => (engine(scheme)?.parse)(rest),
            _ => Err(LocationError::NoScheme { example }),
        }
    }

    /// The ledger of a person or a CI account that named none: `<state_home>/ephemeral/ledger.sqlite3`.
    #[must_use]
    pub fn default_in(state_home: &Path) -> Self {
        sqlite::location::of(state_home.join("ephemeral").join("ledger.sqlite3"))
    }
}

fn engine(scheme: &str) -> Result<&'static Engine, LocationError> {
    let found = ENGINES.iter().find(|engine| engine.scheme == scheme);
    found.ok_or_else(|| {
        let kinds: Vec<String> = ENGINES
            .iter()
            .map(|engine| format!("`{}`, for example `{}`", engine.scheme, engine.example))
            .collect();
        LocationError::UnknownScheme {
            found: scheme.to_owned(),
            expected: kinds.join("; "),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_engine_is_refused_with_an_example() {
        let wrong = [
            ("", true),
            ("/var/lib/ledger.sqlite3", true),
            ("://x", true),
            ("redis://x", false),
        ];
        for (text, without_scheme) in wrong {
            let error = Location::parse(text).expect_err(text);
            let no_scheme = matches!(error, LocationError::NoScheme { .. });
            assert_eq!(no_scheme, without_scheme, "{text}: {error:?}");
            assert!(error.to_string().contains("sqlite:///"), "{error}");
        }
    }

    #[test]
    fn a_password_in_a_wrong_location_is_not_repeated() {
        for text in [
            "postgres://me:hunter2@db/ledger",
            "me:hunter2@://db",
            "sqlite://me:hunter2@db/x",
            "sqlite:///x?password=hunter2",
        ] {
            let error = Location::parse(text).expect_err("refused");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }

    #[tokio::test]
    async fn a_location_without_an_engine_is_refused_without_its_password() {
        let location = Location::of_url("postgres", "postgres://me:hunter2@db/ledger");
        let error = open(&location, Missing::Create).await.expect_err("unknown");
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("postgres://db/ledger") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
