//! The file of the key under which states are sealed: made once, readable only by its owner.
//!
//! An edge: reads and makes one file. A key is never replaced: what was sealed under it would be lost.

use std::{
    fs,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use terraform::durable;
use thiserror::Error;

use super::seal::{SealError, SealKey};

/// The bits of a mode that let others in.
const OTHERS: u32 = 0o077;

/// The most bytes of a key's file that are read; a right one has 65.
const MOST_BYTES: u64 = 1024;

/// Why there is no key.
#[derive(Debug, Error)]
pub enum SealKeyError {
    /// There is none.
    #[error("no key at `{}`; set `seal_key` to the right file", path.display())]
    Missing {
        /// Where one was looked for.
        path: PathBuf,
    },
    /// It cannot be read.
    #[error("cannot read the key at `{}`: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// It cannot be made.
    #[error("cannot make a key at `{}`: {source}", path.display())]
    NotMade {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// Others may read it.
    #[error("the key at `{}` has mode {mode:04o}, and others may read it; run `chmod 600` on it", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file holds something else.
    #[error(
        "`{}` holds no key; expected 64 hexadecimal digits, for example from `openssl rand -hex 32`", path.display()
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// There is no randomness to make one of.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// The key in the file at `path`.
///
/// # Errors
/// If there is none, or it is none, or others may read it.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads the key states are sealed under"
)]
pub fn load(path: &Path) -> Result<SealKey, SealKeyError> {
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => SealKeyError::Missing {
            path: path.to_owned(),
        },
        _ => SealKeyError::Unreadable {
            path: path.to_owned(),
            source,
        },
    };
    let no_key = || SealKeyError::NoKey {
        path: path.to_owned(),
    };
    // Opening anything but a file, a pipe say, might wait for ever.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(no_key());
    }
    let file = fs::File::open(path).map_err(unreadable)?;
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o7777;
    if mode & OTHERS != 0 {
        return Err(SealKeyError::Open {
            path: path.to_owned(),
            mode,
        });
    }
    let mut text = Vec::new();
    file.take(MOST_BYTES)
        .read_to_end(&mut text)
        .map_err(unreadable)?;
    std::str::from_utf8(&text)
        .ok()
        .and_then(SealKey::parse)
        .ok_or_else(no_key)
}

/// The key in the file at `path`, made if there is none.
///
/// # Errors
/// As for [`load`], or if none can be made.
pub fn load_or_make(path: &Path) -> Result<SealKey, SealKeyError> {
    match load(path) {
        Err(SealKeyError::Missing { .. }) => {}
        found => return found,
    }
    let key = SealKey::fresh()?;
    let written = path
        .parent()
        .map_or(Ok(()), durable::make_directory)
        .and_then(|()| durable::write_new(path, key.to_text().as_bytes()));
    match written {
        Ok(()) => Ok(key),
        // Another pass was faster; there is one key for all.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => load(path),
        Err(source) => Err(SealKeyError::NotMade {
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_for_nobody_else_to_read() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("ephemeral/seal.key");
        assert!(matches!(load(&path), Err(SealKeyError::Missing { .. })));
        let key = load_or_make(&path).expect("made");
        assert_eq!(load_or_make(&path).expect("found"), key);
        assert_eq!(load(&path).expect("found"), key);
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a directory")), 0o700);
    }

    #[test]
    fn many_that_make_one_at_the_same_time_have_the_same() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("seal.key");
        let keys: Vec<SealKey> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| load_or_make(&path).expect("a key")))
                .collect();
            all.into_iter()
                .map(|one| one.join().expect("no panic"))
                .collect()
        });
        assert!(keys.iter().all(|key| *key == keys[0]));
    }

    #[test]
    fn a_file_that_others_may_read_or_that_holds_something_else_is_refused_and_stays() {
        let home = tempfile::tempdir().expect("a directory");
        let path = home.path().join("seal.key");
        fs::write(&path, "hunter2").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
        let error = load_or_make(&path).expect_err("no key");
        assert!(matches!(error, SealKeyError::NoKey { .. }));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        assert_eq!(fs::read_to_string(&path).expect("there"), "hunter2");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        let error = load_or_make(&path).expect_err("open to others");
        assert!(error.to_string().contains("0640"), "{error}");
        load(home.path()).expect_err("a directory");
    }
}
