//! Keeping what terraform could not save: `errored.tfstate` becomes a sealed file, and only then goes.
//!
//! The state never lies on a disk in clear on this way: a work directory is on memory where there is some. Where sealing
//! fails, nothing is removed, and [`super::work_dir`] keeps it in clear.

use std::path::{Path, PathBuf};

use backend::{Backend, StateDoc};
use ledger::clock::{Clock, SystemClock, Timestamp};
use terraform::{
    durable,
    work_dir::{self, WorkDir},
};

use super::kept_state::{self, KeepError, Keeper, Origin};
use crate::act::destroy::job::TeardownJob;

/// Seals what the apply of `job`, which has just ended, could not save in the place of `before`. Answers where it is, or
/// why it could not be sealed; `None` if there is nothing to seal.
pub(crate) async fn right_after(
    job: &TeardownJob,
    reader: &dyn Backend,
    before: &StateDoc,
    work: &WorkDir,
) -> Option<Result<PathBuf, KeepError>> {
    if !work_dir::left_errored(work.path()) {
        return None;
    }
    let mut found = vec![before.serial];
    // Read at once: who writes later leaves another serial, and is not written over.
    if let Ok(Some(left)) = reader.read(&job.address).await
        && left.lineage == before.lineage
        && left.serial != before.serial
    {
        found.push(left.serial);
    }
    let origin = Origin {
        environment: job.expected.id.clone(),
        generation: job.expected.generation,
        operation: job.operation.clone(),
        address: job.address.to_string(),
        found,
    };
    let at = SystemClock.now();
    seal_errored(&job.keeper, work.path(), &origin, at).transpose()
}

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
