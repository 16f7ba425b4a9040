//! The reader of the `local` backend: one file per state. An edge: reads files, never writes one.
//!
//! A file that is not there counts as absent if and only if the directory that would hold it can be listed; a
//! directory that is not there itself may be a mount that is missing.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use ledger::{
    fact::{Cause, LockFact},
    state_address::{DEFAULT_WORKSPACE, StateAddress},
};

use super::{StateDoc, StateError, StateReader, StateRefusal, local_lock, read};

/// The most bytes of a state that are read: 1 GiB. The largest known states have some hundred MB.
pub const MOST_BYTES: u64 = 1 << 30;

/// How long a disk may take: a mount that hangs must not hold up everything else. The largest states take seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Reads states from files.
#[derive(Debug, Clone, Copy)]
pub struct LocalReader;

#[async_trait]
impl StateReader for LocalReader {
    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError> {
        let place = Place::of(address)?;
        off_the_loop(move || read_state(&place)).await
    }

    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError> {
        let place = Place::of(address)?;
        off_the_loop(move || local_lock::read(&place.file)).await
    }
}

/// Where a state is, and which directory vouches for its absence.
struct Place {
    file: PathBuf,
    voucher: PathBuf,
}

impl Place {
    fn of(address: &StateAddress) -> Result<Self, StateError> {
        let no_file = || {
            unreadable(
                format!("the address `{address}` does not say which file"),
                "set `state = { backend = \"local\", config = { path = \"/srv/shop/terraform.tfstate\" } }` on the environment",
            )
        };
        let file = address.local_file().ok_or_else(no_file)?;
        if !file.is_absolute() {
            return Err(unreadable(
                format!(
                    "the path `{}` is relative to an unknown directory",
                    file.display()
                ),
                "record an absolute path, for example `/srv/shop/terraform.tfstate`",
            ));
        }
        // Terraform removes the directory of a workspace with the workspace, so the one above vouches for it.
        let levels = if address.workspace == DEFAULT_WORKSPACE {
            1
        } else {
            2
        };
        let voucher = file.ancestors().nth(levels).ok_or_else(no_file)?;
        Ok(Self {
            voucher: voucher.to_owned(),
            file,
        })
    }
}

/// An [`StateError::Unreadable`].
pub(super) fn unreadable(cause: impl Into<String>, remedy: impl Into<String>) -> StateError {
    StateError::Unreadable {
        cause: Cause(cause.into()),
        remedy: remedy.into(),
    }
}

/// The error for `path`, which answered `error`.
pub(super) fn not_readable(path: &Path, error: &io::Error) -> StateError {
    unreadable(
        format!("cannot read `{}`: {error}", path.display()),
        "check that the disk is mounted and that the sweeper's user may read the file",
    )
}

async fn off_the_loop<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StateError> + Send + 'static,
) -> Result<T, StateError> {
    within(PATIENCE, work).await
}

async fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, StateError> + Send + 'static,
) -> Result<T, StateError> {
    let Ok(answer) = tokio::time::timeout(patience, tokio::task::spawn_blocking(work)).await else {
        return Err(unreadable(
            format!("the disk did not answer within {} s", patience.as_secs()),
            "check that what is mounted there answers, for example with `ls -l`",
        ));
    };
    match answer {
        Ok(answer) => answer,
        Err(error) => Err(unreadable(
            format!("reading a state broke off: {error}"),
            "sweep again; if it happens again, report it as a bug of the sweeper",
        )),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads states of the local backend"
)]
fn read_state(place: &Place) -> Result<Option<StateDoc>, StateError> {
    let file = &place.file;
    // Looked at before it is opened: opening a pipe would wait for a writer.
    let meta = match fs::metadata(file) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return absence(place),
        Err(error) => return Err(not_readable(file, &error)),
    };
    check_kind(file, &meta)?;
    let opened = File::open(file).map_err(|error| not_readable(file, &error))?;
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or_default() + 1);
    opened
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| not_readable(file, &error))?;
    let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    check_size(found)?;
    Ok(Some(read::read(&bytes)?))
}

fn check_kind(file: &Path, meta: &Metadata) -> Result<(), StateError> {
    if !meta.is_file() {
        return Err(unreadable(
            format!("`{}` is not a regular file", file.display()),
            "correct the state address of the environment",
        ));
    }
    check_size(meta.len())
}

fn check_size(found: u64) -> Result<(), StateError> {
    if MOST_BYTES < found {
        return Err(StateRefusal::TooLarge {
            found,
            most: MOST_BYTES,
        }
        .into());
    }
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads states of the local backend"
)]
fn absence(place: &Place) -> Result<Option<StateDoc>, StateError> {
    // A link that leads nowhere is not "nothing there".
    if fs::symlink_metadata(&place.file).is_ok() {
        return Err(unreadable(
            format!("`{}` is a link that leads nowhere", place.file.display()),
            "mount what it points to, or correct the state address",
        ));
    }
    match fs::read_dir(&place.voucher) {
        Ok(_) => Ok(None),
        Err(error) => Err(not_readable(&place.voucher, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_disk_that_hangs_is_unreadable_and_holds_up_nobody() {
        let (release, hang) = std::sync::mpsc::channel::<()>();
        let work = move || {
            // Ends when the other end is dropped.
            let _ = hang.recv();
            Ok(())
        };
        let error = within(Duration::from_millis(10), work)
            .await
            .expect_err("it hangs");
        assert!(error.to_string().contains("did not answer"), "{error}");
        drop(release);
    }
}
