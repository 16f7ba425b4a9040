//! The ledger's file before SQLite opens it: where it is, that it exists, that it is not empty, who may read it.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use super::remedy;
use crate::{book::BookError, fact::Cause};

/// How often a file without content is looked at before it is refused: the process that created it may be about to fill it.
const LOOKS: u32 = 100;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// How it came that there is a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// This very call created it, so this very call fills it.
    Created,
    /// It was there before.
    Found,
}

/// Makes sure that there is a file: an empty one (mode 0600) in directories that exist (mode 0700 where new).
/// SQLite gives its own side files the mode of this one.
#[expect(
    clippy::disallowed_methods,
    reason = "the ledger's own file is created here, nowhere else"
)]
pub(super) fn ensure(path: &Path) -> Result<(PathBuf, Origin), BookError> {
    let path = absolute(path)?;
    if let Some(directory) = path.parent() {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .create(directory)
            .map_err(|error| unreachable(&path, &error))?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(_) => {
            make_names_durable(&path);
            Ok((path, Origin::Created))
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok((path, Origin::Found)),
        Err(error) => Err(unreachable(&path, &error)),
    }
}

/// A power cut must not lose the directories that lead to a ledger whose content was synced. SQLite syncs the last of
/// them; those above are synced here, as far as they may be opened.
#[expect(
    clippy::disallowed_methods,
    reason = "directories that were just created are synced, nothing is read"
)]
fn make_names_durable(path: &Path) {
    let opened = path.ancestors().skip(1).map(std::fs::File::open);
    for directory in opened.map_while(Result::ok) {
        if directory.sync_all().is_err() {
            return;
        }
    }
}

/// Makes sure that there is a file with something in it, and creates nothing. One that is empty may be another
/// process's that is about to fill it, so it is looked at for some seconds.
///
/// SQLite is not asked: it takes an empty file for a new database, and removes the log beside it, which may hold all that
/// is left of a truncated ledger.
pub(super) async fn require_content(path: &Path) -> Result<PathBuf, BookError> {
    let path = absolute(path)?;
    for look in 0..LOOKS {
        if 0 < look {
            tokio::time::sleep(PAUSE).await;
        }
        if 0 < length(&path)? {
            return Ok(path);
        }
    }
    Err(refused(
        &path,
        "the file is empty, so there is no ledger in it",
        remedy::EMPTY,
    ))
}

#[expect(
    clippy::disallowed_methods,
    reason = "whether the ledger's own file exists is asked here"
)]
fn length(path: &Path) -> Result<u64, BookError> {
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(refused(
            path,
            "it is a directory, not a file",
            remedy::NO_FILE,
        )),
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(refused(
            path,
            "there is no ledger here, and reading never creates one",
            remedy::MISSING,
        )),
        Err(error) => Err(unreachable(path, &error)),
    }
}

/// Warns where the file's locks may not hold between hosts.
#[expect(
    clippy::disallowed_methods,
    reason = "the mount table is asked about the ledger's own file, here only"
)]
pub(super) fn warn_if_on_network(path: &Path) {
    // Linux only; elsewhere there is no such table and no warning.
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else {
        return;
    };
    let resolved = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(kind) = network_file_system(&mounts, &resolved) {
        tracing::warn!(
            path = %path.display(),
            kind,
            "the ledger is on a network file system, where SQLite's locks do not hold between hosts: use it from one \
             host only, or name a ledger on a local disk with EPHEMERAL_LEDGER"
        );
    }
}

/// The kind of network file system that `path` is on, by a table like `/proc/self/mounts`; `None` for a local one.
fn network_file_system<'table>(mounts: &'table str, path: &Path) -> Option<&'table str> {
    const NETWORK: [&str; 10] = [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "ceph",
        "glusterfs",
        "afs",
        "lustre",
    ];
    mounts
        .lines()
        .filter_map(|line| {
            let mut columns = line.split(' ').skip(1);
            // The table writes a space in a path as `\040`.
            let point = columns.next()?.replace("\\040", " ");
            path.starts_with(&point)
                .then_some((point.len(), columns.next()?))
        })
        // The deepest mount point counts, and of two on one point the later.
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, kind)| kind)
        .filter(|kind| NETWORK.contains(kind) || kind.starts_with("fuse.sshfs"))
}

fn absolute(path: &Path) -> Result<PathBuf, BookError> {
    std::path::absolute(path).map_err(|error| unreachable(path, &error))
}

fn unreachable(path: &Path, error: &io::Error) -> BookError {
    refused(path, error.to_string(), remedy::of_system(error))
}

fn refused(path: &Path, cause: impl Into<String>, remedy: &'static str) -> BookError {
    BookError::Unreachable {
        doing: "open",
        place: path.display().to_string(),
        cause: Cause(cause.into()),
        remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_says_whether_it_is_a_network_file_system() {
        let mounts = "/dev/vda1 / ext4 rw 0 0\n\
                      server:/home /home nfs4 rw 0 0\n\
                      //nas/my\\040share /mnt/my\\040share cifs rw 0 0\n\
                      tmpfs /home/me/local tmpfs rw 0 0\n\
                      /dev/vdb /over ext4 rw 0 0\n\
                      server:/over /over nfs rw 0 0\n";
        let cases = [
            ("/var/lib/ledger.sqlite3", None),
            ("/home/me/ledger.sqlite3", Some("nfs4")),
            ("/home/me/local/ledger.sqlite3", None),
            ("/homely/ledger.sqlite3", None),
            ("/mnt/my share/ledger.sqlite3", Some("cifs")),
            ("/over/ledger.sqlite3", Some("nfs")),
        ];
        for (path, expected) in cases {
            assert_eq!(
                network_file_system(mounts, Path::new(path)),
                expected,
                "{path}"
            );
        }
        assert_eq!(network_file_system("garbage\n\n", Path::new("/x")), None);
    }
}
