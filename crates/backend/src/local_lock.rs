//! Who holds the lock of a local state. An edge: reads files, never writes one.
//!
//! The lock is the `fcntl` lock on the state file, which dies with its process. `.<file>.lock.info` beside it only says
//! who took it, and stays behind after a crash: without a living holder it is not a lock.

#[cfg(unix)]
use std::fs::File;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ledger::{clock::Timestamp, fact::LockFact};
#[cfg(unix)]
use nix::{
    fcntl::{FcntlArg, fcntl},
    libc,
};
use serde::Deserialize;

use crate::error::{StateError, not_readable};

/// The most bytes of a lock's description that are read; Terraform writes about 250.
const MOST_BYTES: u64 = 64 * 1024;

#[derive(Deserialize, Default)]
struct RawLock {
    #[serde(rename = "Operation", default)]
    operation: String,
    #[serde(rename = "Who", default)]
    who: String,
    #[serde(rename = "Created")]
    created: Option<Timestamp>,
}

/// The lock on `state`, if a living process holds it.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn read(state: &Path) -> Result<Option<LockFact>, StateError> {
    let Some(process) = holder(state)? else {
        return Ok(None);
    };
    let said = description(state);
    let who = if said.who.is_empty() {
        format!("process {process}")
    } else {
        said.who
    };
    let operation = if said.operation.is_empty() {
        "unknown".to_owned()
    } else {
        said.operation
    };
    Ok(Some(LockFact {
        who,
        operation,
        since: said.created,
    }))
}

/// Locks of files are another thing there.
#[cfg(not(unix))]
fn holder(state: &Path) -> Result<Option<i32>, StateError> {
    Err(not_readable(state, &io::ErrorKind::Unsupported.into()))
}

/// The process that holds the lock on `state`.
#[cfg(unix)]
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads locks of the local backend"
)]
fn holder(state: &Path) -> Result<Option<i32>, StateError> {
    match fs::metadata(state) {
        // Opening anything else, a pipe say, might wait for ever; the reader of states refuses it.
        Ok(meta) if meta.is_file() => {}
        Ok(_) => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(not_readable(state, &error)),
    }
    let file = File::open(state).map_err(|error| not_readable(state, &error))?;
    let mut probe = libc::flock {
        l_type: lock_kind(libc::F_WRLCK),
        l_whence: lock_kind(libc::SEEK_SET),
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_GETLK(&mut probe))
        .map_err(|errno| not_readable(state, &io::Error::from(errno)))?;
    Ok((probe.l_type != lock_kind(libc::F_UNLCK)).then_some(probe.l_pid))
}

/// The constants of `fcntl` are small; their type differs between systems.
#[cfg(unix)]
fn lock_kind<T: TryInto<i16>>(constant: T) -> i16 {
    constant.try_into().unwrap_or_default()
}

/// `.terraform.tfstate.lock.info` beside `terraform.tfstate`.
fn info_path(state: &Path) -> Option<PathBuf> {
    let name = state.file_name()?.to_str()?;
    Some(state.with_file_name(format!(".{name}.lock.info")))
}

/// What the lock says of itself; nothing if it says nothing that can be read.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads locks of the local backend"
)]
fn description(state: &Path) -> RawLock {
    let Some(path) = info_path(state) else {
        return RawLock::default();
    };
    let small = fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST_BYTES);
    if !small {
        return RawLock::default();
    }
    fs::read(&path)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}
