//! Where a ledger is: the text of `EPHEMERAL_LEDGER`, read and written, and the place of one that nobody named. It opens
//! nothing, and is told the variables.

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

/// Why there is no place for what must survive a restart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStateHome {
    /// No variable says where.
    #[error(
        "nobody named a ledger, and neither XDG_STATE_HOME nor HOME is set, so it has no default place; name it with \
         EPHEMERAL_LEDGER, for example EPHEMERAL_LEDGER={EXAMPLE}"
    )]
    Unset,
    /// A path that means something else in every directory.
    #[error(
        "nobody named a ledger, and {0}, which says where its default place is, is not an absolute path; name the \
         ledger with EPHEMERAL_LEDGER, for example EPHEMERAL_LEDGER={EXAMPLE}, or correct {0}"
    )]
    Relative(&'static str),
}

/// Where programs keep what must survive a restart: `XDG_STATE_HOME`, else `.local/state` in `HOME`. `variable` answers
/// those that are set to something.
///
/// # Errors
/// There is none, or it depends on the working directory: Terraform and the sweeper run in different ones, and would keep
/// two ledgers of which neither knows the other.
pub fn state_home<'text>(
    variable: impl Fn(&str) -> Option<&'text str>,
) -> Result<PathBuf, NoStateHome> {
    const PLACES: [(&str, &str); 3] = [
        ("XDG_STATE_HOME", ""),
        ("HOME", ".local/state"),
        // Where Windows knows no home.
        ("LOCALAPPDATA", ".local/state"),
    ];
    let mut places = PLACES
        .into_iter()
        .filter_map(|(name, below)| Some((name, Path::new(variable(name)?), below)));
    match places.next() {
        None => Err(NoStateHome::Unset),
        Some((name, home, _)) if !home.is_absolute() => Err(NoStateHome::Relative(name)),
        Some((_, home, "")) => Ok(home.to_owned()),
        Some((_, home, below)) => Ok(home.join(below)),
    }
}

impl Location {
    /// Reads `sqlite:///absolute/path`; on Windows with its drive, `sqlite:///C:/absolute/path`.
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
        let path = PathBuf::from(path_of(rest, cfg!(windows)));
        if !path.is_absolute() {
            return Err(LocationError::Relative);
        }
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
            Self::Sqlite(path) => {
                let text = path.display().to_string();
                write!(f, "sqlite://{}", text_of(text, cfg!(windows)))
            }
        }
    }
}

/// The path in what follows `sqlite://`. Where paths begin with a drive, it stands after the third slash.
fn path_of(rest: &str, drives: bool) -> &str {
    match rest.as_bytes() {
        [b'/', letter, b':', b'/' | b'\\', ..] if drives && letter.is_ascii_alphabetic() => {
            &rest[1..]
        }
        _ => rest,
    }
}

/// What [`path_of`] reads.
fn text_of(path: String, drives: bool) -> String {
    if !drives {
        return path;
    }
    let path = path.replace('\\', "/");
    if path.starts_with('/') {
        path
    } else {
        format!("/{path}")
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
    fn a_drive_stands_after_the_third_slash_where_there_are_drives() {
        for (rest, path) in [
            ("/C:/ledger/l.sqlite3", "C:/ledger/l.sqlite3"),
            (r"/c:\ledger\l.sqlite3", r"c:\ledger\l.sqlite3"),
            ("//server/share/l.sqlite3", "//server/share/l.sqlite3"),
            ("/ledger/l.sqlite3", "/ledger/l.sqlite3"),
            ("/C:l.sqlite3", "/C:l.sqlite3"),
        ] {
            assert_eq!(path_of(rest, true), path);
            assert_eq!(path_of(rest, false), rest);
            let shown = text_of(path.to_owned(), true);
            assert_eq!(shown, rest.replace('\\', "/"));
            assert_eq!(text_of(rest.to_owned(), false), rest);
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
    fn the_state_home_is_an_absolute_path_or_none_at_all() {
        let home = |variables: &[(&str, &'static str)]| {
            state_home(|name| {
                let set = variables.iter().find(|(known, _)| *known == name);
                set.map(|(_, value)| *value)
            })
        };
        let both = [("HOME", "/h"), ("XDG_STATE_HOME", "/s")];
        assert_eq!(home(&both), Ok(PathBuf::from("/s")));
        assert_eq!(home(&both[..1]), Ok(PathBuf::from("/h/.local/state")));
        let wrong = [
            (&[][..], NoStateHome::Unset),
            (
                &[("HOME", "/h"), ("XDG_STATE_HOME", "s")],
                NoStateHome::Relative("XDG_STATE_HOME"),
            ),
            (&[("HOME", "./h")], NoStateHome::Relative("HOME")),
        ];
        for (variables, expected) in wrong {
            let error = home(variables).expect_err("no place");
            assert_eq!(error, expected);
            let example = format!("EPHEMERAL_LEDGER={EXAMPLE}");
            assert!(error.to_string().contains(&example), "{error}");
        }
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
