//! Whose a work directory is, written in it: which environment's teardown made it, and on which host.
//!
//! A record names the directory of its teardown only until the environment is released; the directory itself
//! says it for ever. An edge: reads and writes one small file without secrets in each.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use ledger::id::EnvironmentId;
use nix::unistd;

use super::work_dir::{self, WorkDirError};

/// The file that says it.
const OWNER: &str = "owner";

/// Writes into `work_dir` that it belongs to a teardown of `environment` on `host`, if that does not stand there yet.
///
/// # Errors
/// If it could not be written.
pub fn write(work_dir: &Path, environment: &EnvironmentId, host: &str) -> Result<(), WorkDirError> {
    let text = format!("{environment}\n{host}\n");
    match work_dir::write_private(&work_dir.join(OWNER), text.as_bytes()) {
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        written => written,
    }
}

/// The work directories below `base` of this user and of `host` that say whose they are. What does not is left alone.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that looks for work directories"
)]
pub fn owned_below(base: &Path, host: &str) -> Vec<(EnvironmentId, PathBuf)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let path = entry.path();
        // Not followed: a link of that name is not ours.
        let ours = work_dir::is_ours(&path)
            && entry
                .metadata()
                .is_ok_and(|found| found.is_dir() && found.uid() == unistd::geteuid().as_raw());
        if ours && let Ok(text) = fs::read_to_string(path.join(OWNER)) {
            found.extend(environment_of(&text, host).map(|id| (id, path)));
        }
    }
    found.sort();
    found
}

fn environment_of(text: &str, host: &str) -> Option<EnvironmentId> {
    let (id, rest) = text.split_once('\n')?;
    let here = rest.strip_suffix('\n') == Some(host);
    here.then(|| EnvironmentId::parse(id).ok()).flatten()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests look at real files")]
mod tests {
    use super::*;
    use crate::work_dir::WorkDir;

    #[test]
    fn only_what_says_whose_it_is_and_was_made_on_this_host_is_found() {
        let base = tempfile::tempdir().expect("a directory");
        let made = || WorkDir::create(base.path(), base.path()).expect("made");
        let (id, host) = (EnvironmentId::parse("env-1").expect("right"), "runner-1");
        let (own, other, mute) = (made(), made(), made());
        write(own.path(), &id, host).expect("written");
        write(own.path(), &id, host).expect("there already");
        write(other.path(), &id, "runner-2").expect("written");
        let odd = base.path().join("somebody-elses");
        fs::create_dir(&odd).expect("made");
        write(&odd, &id, host).expect("written");
        assert_eq!(
            owned_below(base.path(), host),
            [(id, own.path().to_owned())]
        );
        for cut_off in ["env-1", "env-1\nrunner-1", ""] {
            fs::write(mute.path().join(OWNER), cut_off).expect("written");
            assert_eq!(owned_below(base.path(), host).len(), 1, "{cut_off:?}");
        }
        assert_eq!(owned_below(&base.path().join("none"), host), []);
    }
}
