//! A store that dies in the middle: a state file that can be read, locked and emptied, and not written again.
//!
//! It is a file in memory that may not grow, behind a symbolic link in the place of the state. Terraform reads and plans
//! as ever, deletes, empties the file, and then cannot write. That needs no right that a build machine lacks.

use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use nix::fcntl::{FcntlArg, SealFlag, fcntl};
use nix::sys::memfd::{MFdFlags, memfd_create};

/// A state whose store breaks at the next write.
#[derive(Debug)]
pub struct BrokenState {
    path: PathBuf,
    whole: Vec<u8>,
    // Open as long as the link leads to it.
    file: std::fs::File,
}

impl BrokenState {
    /// Breaks the store of the state file at `path`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        let whole = std::fs::read(path).expect("reading a state");
        let flags = MFdFlags::MFD_ALLOW_SEALING | MFdFlags::MFD_CLOEXEC;
        let memory = memfd_create("state", flags).expect("making a file in memory");
        let mut file = std::fs::File::from(memory);
        file.write_all(&whole).expect("writing a state");
        fcntl(&file, FcntlArg::F_ADD_SEALS(SealFlag::F_SEAL_GROW)).expect("sealing a file");
        std::fs::remove_file(path).expect("removing a state");
        let target = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        std::os::unix::fs::symlink(target, path).expect("linking a state");
        Self {
            path: path.to_owned(),
            whole,
            file,
        }
    }

    /// What was in it before it broke.
    #[must_use]
    pub fn whole(&self) -> &[u8] {
        &self.whole
    }

    /// Mends the store. The state in it is what it was before it broke, as from a backup.
    ///
    /// # Panics
    /// When the file cannot be written.
    pub fn mend(self) {
        std::fs::remove_file(&self.path).expect("removing a link");
        std::fs::write(&self.path, &self.whole).expect("writing a state");
        drop(self.file);
    }
}
