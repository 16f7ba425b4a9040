//! Where a ledger is: what connects to it, what of that may be shown, and the place of one that no one named. It opens
//! nothing, and is told the variables.

use std::{
    ffi::{OsStr, OsString},
    fmt,
    path::{Path, PathBuf},
};

/// Where a ledger is. Shown, it holds no secret, by `Debug` neither.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Location {
    scheme: String,
    shown: String,
    /// What the engine connects by. It may hold a password.
    connects: OsString,
    is_file: bool,
}

impl Location {
    /// A ledger in `file`, shown as `shown`.
    #[must_use]
    pub fn of_file(scheme: &str, file: PathBuf, shown: String) -> Self {
        Self {
            scheme: scheme.to_owned(),
            shown,
            connects: file.into(),
            is_file: true,
        }
    }

    /// A ledger that is reached by `url`. User, password and options are not shown.
    #[must_use]
    pub fn of_url(scheme: &str, url: &str) -> Self {
        let place = place_in(url).unwrap_or("(not shown)");
        Self {
            scheme: scheme.to_owned(),
            shown: format!("{scheme}://{place}"),
            connects: url.into(),
            is_file: false,
        }
    }

    /// Which kind of ledger it is.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The file that holds the ledger, if one does.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.is_file.then(|| Path::new(&self.connects))
    }

    /// What the engine connects by: never for a message.
    #[must_use]
    pub fn connects(&self) -> &OsStr {
        &self.connects
    }
}

/// Without secrets; of a file, what [`Location::parse`] reads.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Location").field(&self.shown).finish()
    }
}

/// Host, port and path of `url`; `None` where it is in doubt which part of it that is, such as a password with a `/` in it.
fn place_in(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path = path.find(['?', '#']).map_or(path, |end| &path[..end]);
    let user = authority.rfind('@').map_or(0, |at| at + 1);
    let (_, port) = authority[user..].rsplit_once(':').unwrap_or_default();
    let is_certain = !rest[end..].contains('@')
        && (port.ends_with(']') || port.chars().all(|digit| digit.is_ascii_digit()));
    is_certain.then(|| &rest[user..end + path.len()])
}

/// Why a text is no location. The text itself is never part of the message: it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// No `scheme://`.
    #[error(
        "a ledger's location begins with its kind; write `sqlite://` and an absolute path, for example `{example}`"
    )]
    NoScheme {
        /// A location.
        example: &'static str,
    },
    /// A kind of ledger that does not exist.
    #[error("`{found}` is not a kind of ledger; expected {expected}")]
    UnknownScheme {
        /// The kind.
        found: String,
        /// The kinds there are, each with an example.
        expected: String,
    },
    /// What follows the kind is wrong, in the words of its engine, with an example.
    #[error("{0}")]
    Wrong(&'static str),
}

const EXAMPLE: &str = "sqlite:///var/lib/ephemeral/ledger.sqlite3";

/// Why there is no place for what must survive a restart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoStateHome {
    /// No variable says where.
    #[error(
        "no ledger is configured, and neither XDG_STATE_HOME nor HOME is set, so there is no default location; name it with \
         EPHEMERAL_LEDGER, for example EPHEMERAL_LEDGER={EXAMPLE}"
    )]
    Unset,
    /// A path that means something else in every directory.
    #[error(
        "no ledger is configured, and {0}, which gives the default location, is not an absolute path; name the \
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let urls = [
            ("postgres://me:hunter2@db/ledger", "postgres://db/ledger"),
            (
                "postgres://hunter2@db:5432/ledger",
                "postgres://db:5432/ledger",
            ),
            (
                "postgres://me:hunter2@[::1]:5432/ledger",
                "postgres://[::1]:5432/ledger",
            ),
            (
                "postgres://db/ledger?password=hunter2&user=me",
                "postgres://db/ledger",
            ),
            ("postgres://db?password=hunter2", "postgres://db"),
            ("postgres://me:hun@ter2hunter2@db/l", "postgres://db/l"),
            (
                "postgres://me:x/hunter2@db/ledger",
                "postgres://(not shown)",
            ),
            (
                "postgres://me:x?hunter2@db/ledger",
                "postgres://(not shown)",
            ),
            (
                "postgres://me:x#hunter2@db/ledger",
                "postgres://(not shown)",
            ),
            ("postgres://me:hunter2", "postgres://(not shown)"),
            (
                "postgres://db/l?password=hunter2@x",
                "postgres://(not shown)",
            ),
            ("hunter2", "postgres://(not shown)"),
        ];
        for (url, shown) in urls {
            let location = Location::of_url("postgres", url);
            assert_eq!(location.to_string(), shown, "{url}");
            assert_eq!(location.connects(), url);
            assert_eq!(location.file(), None);
            let debugged = format!("{location:?} {:#?} {:?}", Some(&location), [&location]);
            assert!(!debugged.contains("hunter2"), "{debugged}");
        }
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
}
