//! Files that must outlive a crash of the machine: written whole or not at all, and never over another one.
//!
//! An edge: makes directories of mode 0700 and files of mode 0600. Knows nothing of what is in them.

use std::{
    fs::{DirBuilder, File, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::Path,
};

/// Makes `directory`, and what is missing above it.
///
/// # Errors
/// If it cannot be made.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns what must outlive a crash"
)]
pub fn make_directory(directory: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
}

/// Writes `bytes` to `path`, where nothing may be yet. When it returns, the file survives a loss of power.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] if something is there; otherwise why it cannot be written. Nothing is left behind.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns what must outlive a crash"
)]
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = parent(path)?;
    let mut file = tempfile::Builder::new()
        .prefix(".unfinished-")
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(directory)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync(directory)
}

/// Removes the file at `path`; gone already is as good.
///
/// # Errors
/// If it stays.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns what must outlive a crash"
)]
pub fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync(parent(path)?),
    }
}

/// An operation as a part of the name of a file. What is kept is found again by it.
#[must_use]
pub fn file_name(operation: &str) -> String {
    operation
        .chars()
        .map(|one| {
            if one.is_ascii_alphanumeric() {
                one
            } else {
                '-'
            }
        })
        .collect()
}

fn parent(path: &Path) -> io::Result<&Path> {
    path.parent()
        .filter(|directory| !directory.as_os_str().is_empty())
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no directory"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge that owns what must outlive a crash"
)]
fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}
