//! Keeping what terraform could not save: `errored.tfstate` becomes a sealed file, and only then goes.
//!
//! The state never lies on a disk in clear on this way: a work directory is on memory where there is some. Where sealing
//! fails, nothing is removed, and [`super::work_dir`] keeps it in clear.

use std::path::{Path, PathBuf};

use ledger::clock::Timestamp;
use terraform::{durable, work_dir};

use super::kept_state::{self, KeepError, Keeper, Origin};

/// Seals what terraform left in the work directory `work`, and removes it there. Answers where it is now; `None` if
/// terraform left nothing.
///
/// # Errors
/// If it could not be sealed. It is then where it was.
pub fn seal_errored(
    keeper: &Keeper,
    work: &Path,
    origin: &Origin,
    at: Timestamp,
) -> Result<Option<PathBuf>, KeepError> {
    let errored = work_dir::errored_in(work);
    if !work_dir::is_ours(work) || !work_dir::left_errored(work) {
        return Ok(None);
    }
    replace(keeper, &errored, origin, at).map(Some)
}

/// Seals the state that is in clear at `plain`, and removes that file. Answers where it is now.
///
/// # Errors
/// If it could not be sealed. It is then where it was.
pub fn replace(
    keeper: &Keeper,
    plain: &Path,
    origin: &Origin,
    at: Timestamp,
) -> Result<PathBuf, KeepError> {
    let sealed = keeper.seal(origin, &kept_state::bytes(plain)?, at)?;
    // A crash here leaves both, and the next pass finds that they are the same.
    durable::remove(plain).map_err(|source| KeepError::File {
        doing: "remove",
        path: plain.to_owned(),
        source,
    })?;
    Ok(sealed)
}
