//! Files on a disk, one per state. An edge: reads files, never writes one.
//!
//! A file that is not there counts as absent if and only if the directory that would hold it can be listed; a
//! directory that is not there itself may be a mount that is missing.

use std::{
    collections::BTreeMap,
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use async_trait::async_trait;
use ledger::{
    fact::LockFact,
    state_address::{DEFAULT_WORKSPACE, StateAddress},
};
use serde_json::{Value as Json, json};

use crate::{
    Backend, StateDoc, StateError, StateRefusal,
    error::{not_readable, unreadable},
    local_lock, read,
    setting::{Setting, telling, text, typed},
};

/// The word that names it.
pub const NAME: &str = "local";

/// The most bytes of a state that are read: 1 GiB. The largest known states have some hundred MB.
pub const MOST_BYTES: u64 = 1 << 30;

/// How long a disk may take: a mount that hangs must not hold up everything else. The largest states take seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// The file of a state in the directory of its workspace, and of the default workspace unless another is named.
const STATE_FILE: &str = "terraform.tfstate";

const PATH: &str = "path";
const WORKSPACE_DIR: &str = "workspace_dir";

pub(crate) static LOCAL: Local = Local;

/// States in files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Local;

#[async_trait]
impl Backend for Local {
    fn name(&self) -> &'static str {
        NAME
    }

    fn settings(&self) -> &'static [Setting] {
        const { &[telling(PATH), text(WORKSPACE_DIR)] }
    }

    /// With absolute paths, so that it means the same from everywhere on this host.
    fn complete(&self, given: BTreeMap<String, String>, root: &Path) -> BTreeMap<String, String> {
        let absolute = |(key, default): (&str, &str)| {
            let path = given.get(key).map_or(default, String::as_str);
            let path = root.join(path).to_string_lossy().into_owned();
            (key.to_owned(), path)
        };
        [(PATH, STATE_FILE), (WORKSPACE_DIR, "terraform.tfstate.d")]
            .map(absolute)
            .into()
    }

    fn configuration(&self, address: &StateAddress) -> Result<Json, StateError> {
        if !address.settings.contains_key(PATH) {
            return Err(no_file(address));
        }
        Ok(json!({NAME: typed(self.settings(), &address.settings)}))
    }

    async fn read(&self, address: &StateAddress) -> Result<Option<StateDoc>, StateError> {
        let place = Place::of(address)?;
        off_the_loop(move || read_state(&place)).await
    }

    async fn lock(&self, address: &StateAddress) -> Result<Option<LockFact>, StateError> {
        let place = Place::of(address)?;
        off_the_loop(move || local_lock::read(&place.file)).await
    }

    async fn list(&self, address: &StateAddress) -> Result<Vec<StateAddress>, StateError> {
        let address = address.clone();
        off_the_loop(move || list_states(&address)).await
    }
}

/// The file of a state that this backend keeps; `None` for other backends, without a path, or for a workspace that would
/// lead out of its directory.
#[must_use]
pub fn file(address: &StateAddress) -> Option<PathBuf> {
    if address.backend == NAME {
        address.file()
    } else {
        None
    }
}

fn no_file(address: &StateAddress) -> StateError {
    unreadable(
        format!("the address `{address}` names no file"),
        "set `state = { backend = \"local\", config = { path = \"/srv/shop/terraform.tfstate\" } }` on the environment",
    )
}

/// Where a state is, and which directory vouches for its absence.
struct Place {
    file: PathBuf,
    voucher: PathBuf,
}

impl Place {
    fn of(address: &StateAddress) -> Result<Self, StateError> {
        let file = file(address).ok_or_else(|| no_file(address))?;
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
        let voucher = file.ancestors().nth(levels);
        let voucher = voucher.ok_or_else(|| no_file(address))?;
        Ok(Self {
            voucher: voucher.to_owned(),
            file,
        })
    }
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
            "check that the file system responds, for example with `ls -l`",
        ));
    };
    match answer {
        Ok(answer) => answer,
        Err(error) => Err(unreadable(
            format!("reading the state failed: {error}"),
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

/// The default workspace where its file is there, and every directory of a workspace with a state in it.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that lists states of the local backend"
)]
fn list_states(address: &StateAddress) -> Result<Vec<StateAddress>, StateError> {
    let in_workspace =
        |workspace: &str| StateAddress::new(&address.backend, address.settings.clone(), workspace);
    let mut found = Vec::new();
    let default = in_workspace(DEFAULT_WORKSPACE);
    let place = Place::of(&default)?;
    if place.file.exists() {
        found.push(default);
    } else {
        // Absent, or not readable.
        absence(&place)?;
    }
    let Some(directory) = address.settings.get(WORKSPACE_DIR).map(Path::new) else {
        return Ok(found);
    };
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        // Terraform makes it with the first workspace.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(not_readable(directory, &error)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| not_readable(directory, &error))?;
        let one = in_workspace(&entry.file_name().to_string_lossy());
        if Place::of(&one).is_ok_and(|place| place.file.exists()) {
            found.push(one);
        }
    }
    found.sort_by(|one, other| one.workspace.cmp(&other.workspace));
    Ok(found)
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
            format!("`{}` is a link without a target", place.file.display()),
            "mount its target, or correct the state address",
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
