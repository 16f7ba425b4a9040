//! Where a SQLite ledger is: `sqlite://` and an absolute path, read and shown.

use std::path::PathBuf;

use crate::book::location::{Location, LocationError};

/// What its locations begin with.
pub(super) const SCHEME: &str = "sqlite";

/// A location, for messages.
pub(super) const EXAMPLE: &str = "sqlite:///var/lib/ephemeral/ledger.sqlite3";

const RELATIVE: &str = "the path of a sqlite ledger must be absolute, because Terraform and the sweeper run in different \
     directories; write three slashes, for example `sqlite:///var/lib/ephemeral/ledger.sqlite3`";
const NO_FILE: &str = "the path of a sqlite ledger names a file, for example `sqlite:///var/lib/ephemeral/ledger.sqlite3`";
const OPTIONS: &str = "a sqlite ledger takes no options after its path; write only the path, for example \
     `sqlite:///var/lib/ephemeral/ledger.sqlite3`";

/// Reads what follows `sqlite://`.
pub(super) fn parse(rest: &str) -> Result<Location, LocationError> {
    if rest.contains(['?', '#']) {
        return Err(LocationError::Wrong(OPTIONS));
    }
    if !rest.starts_with('/') {
        return Err(LocationError::Wrong(RELATIVE));
    }
    let path = PathBuf::from(path_of(rest, cfg!(windows)));
    if !path.is_absolute() {
        return Err(LocationError::Wrong(RELATIVE));
    }
    if rest.ends_with('/') || path.file_name().is_none() {
        return Err(LocationError::Wrong(NO_FILE));
    }
    Ok(of(path))
}

/// The ledger in `path`, which is absolute.
pub(in crate::book) fn of(path: PathBuf) -> Location {
    let text = text_of(path.display().to_string(), cfg!(windows));
    Location::of_file(SCHEME, path, format!("{SCHEME}://{text}"))
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
    use std::path::Path;

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
        let file = "/home/me/.local/state/ephemeral/ledger.sqlite3";
        assert_eq!(location.to_string(), format!("sqlite://{file}"));
        assert_eq!(location.file(), Some(Path::new(file)));
    }

    #[test]
    fn every_wrong_text_is_refused_with_an_example() {
        let wrong = [
            ("sqlite://ledger.sqlite3", RELATIVE),
            ("sqlite://./ledger.sqlite3", RELATIVE),
            ("sqlite://", RELATIVE),
            ("sqlite:///", NO_FILE),
            ("sqlite:///var/lib/", NO_FILE),
            ("sqlite:///var/lib/..", NO_FILE),
            ("sqlite:///x.db?mode=rwc", OPTIONS),
        ];
        for (text, expected) in wrong {
            let error = Location::parse(text).expect_err(text);
            assert_eq!(error, LocationError::Wrong(expected), "{text}");
            assert!(error.to_string().contains(EXAMPLE), "{error}");
        }
    }
}
