//! What a person can do about each way in which a ledger's file fails. One text per cause, for every program.
//!
//! It knows the codes of SQLite and of the operating system; it opens nothing.

use std::io;

/// There is no file.
pub(super) const MISSING: &str = "a ledger is created by the first `terraform apply` with this provider; if yours is elsewhere, name it with \
     EPHEMERAL_LEDGER, for example EPHEMERAL_LEDGER=sqlite:///var/lib/ephemeral/ledger.sqlite3";

/// There is a file, and nothing in it.
pub(super) const EMPTY: &str = "no ledger is created in an empty file, because it may be all that is left of one that was truncated; restore the \
     file from a backup, or, if there never was a ledger in it, remove the empty file, and the next `terraform apply` \
     creates one";

/// It is a directory or another thing that cannot hold anything.
pub(super) const NO_FILE: &str =
    "name a file, for example EPHEMERAL_LEDGER=sqlite:///var/lib/ephemeral/ledger.sqlite3";

/// It is another program's.
pub(super) const FOREIGN: &str = "name the ledger's own file with EPHEMERAL_LEDGER, for example \
     EPHEMERAL_LEDGER=sqlite:///var/lib/ephemeral/ledger.sqlite3; if this was the ledger, restore it from a backup";

/// It was written by later software.
pub(super) const NEWER: &str = "upgrade this program to the version that wrote it, or a later one";

/// It may not be read or written.
pub(super) const PERMISSION: &str = "give the user that runs this read and write access to the file and to its directory, where SQLite keeps its log \
     beside it, and make sure that the disk is not mounted read-only; or name another ledger with EPHEMERAL_LEDGER, \
     for example EPHEMERAL_LEDGER=sqlite:///var/lib/ephemeral/ledger.sqlite3";

const DAMAGED: &str = "stop everything that writes to it, keep a copy of the file with its `-wal` and `-shm`, and restore it from a backup; \
     what `sqlite3 FILE .recover` saves is to be checked with `sweeper audit verify`";

/// Another process holds it up.
pub(super) const BUSY: &str = "another process is writing; run it again, and if it goes on, look for a process that hangs, for example with \
     `fuser` on the file";

const FULL: &str = "make room on the disk of the ledger, and run it again";

const DISK: &str = "check that the disk is mounted and answers, for example with `df` and `ls -l` on the file, and run it again";

/// For whatever has no better one.
pub(super) const OTHER: &str = "check that the ledger can be reached from here; EPHEMERAL_LEDGER says where it is, for example \
     EPHEMERAL_LEDGER=sqlite:///var/lib/ephemeral/ledger.sqlite3";

/// For what ended in the middle.
pub(super) const AGAIN: &str =
    "run it again; if it happens again, check that the disk of the ledger answers";

/// What to do about `error` of SQLite.
pub(super) fn of_sqlite(error: &rusqlite::Error) -> &'static str {
    let Some(code) = error.sqlite_error() else {
        return OTHER;
    };
    // The low byte is the kind; the rest says more about it.
    match code.extended_code & 0xff {
        3 | 8 | 14 | 23 => PERMISSION,
        5 | 6 => BUSY,
        10 => DISK,
        11 => DAMAGED,
        13 => FULL,
        26 => FOREIGN,
        _ => OTHER,
    }
}

/// What to do about `error` of the operating system.
pub(super) fn of_system(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => MISSING,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => PERMISSION,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FULL,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => NO_FILE,
        _ => DISK,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::{Connection, OpenFlags};

    use super::*;

    #[test]
    fn a_file_that_may_not_be_written_or_opened_says_what_to_permit() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("ledger.sqlite3");
        let opened = |flags| Connection::open_with_flags(&path, flags);
        let unopened = opened(OpenFlags::SQLITE_OPEN_READ_WRITE).expect_err("there is no file");
        drop(Connection::open(&path).expect("made"));
        let connection = opened(OpenFlags::SQLITE_OPEN_READ_ONLY).expect("opened");
        let unwritten = connection
            .execute("CREATE TABLE t (id INTEGER)", [])
            .expect_err("it is read-only");
        for error in [unopened, unwritten] {
            assert_eq!(of_sqlite(&error), PERMISSION, "{error}");
        }
    }

    #[test]
    fn every_failure_of_the_system_has_a_next_step() {
        use io::ErrorKind::{
            NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull, TimedOut,
        };

        let expected = [
            (NotFound, MISSING),
            (PermissionDenied, PERMISSION),
            (ReadOnlyFilesystem, PERMISSION),
            (StorageFull, FULL),
            (NotADirectory, NO_FILE),
            (TimedOut, DISK),
        ];
        for (kind, remedy) in expected {
            assert_eq!(of_system(&io::Error::from(kind)), remedy, "{kind}");
        }
    }
}
