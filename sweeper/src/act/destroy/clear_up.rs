//! The end of every teardown: what must not be lost is saved, the rest is removed.

use std::path::{Path, PathBuf};

use backend::{Backend, StateDoc};
use ledger::clock::{Clock, SystemClock};
use terraform::work_dir::{self, WorkDir};

use super::{
    failure::{FailureKind, PartlyDone, TeardownFailure},
    job::{Destroyed, TeardownJob},
};
use crate::rescue::{
    keep,
    kept_state::{KeepError, Origin},
};

/// Seals what the apply of `job`, which has just ended, could not save in the place of `before`. Answers where it is, or
/// why it could not be sealed; `None` if there is nothing to seal.
pub(super) async fn seal_right_after(
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
    keep::seal_errored(&job.keeper, work.path(), &origin, at).transpose()
}

/// Saves what must not be lost and removes the rest. `sealed` is what became of a state that terraform could not save;
/// where it could not be sealed, it is still in the work directory, and is kept in clear.
pub(super) fn clear_up(
    job: &TeardownJob,
    work: WorkDir,
    sealed: Option<Result<PathBuf, KeepError>>,
    answer: Result<Destroyed, TeardownFailure>,
) -> Result<Destroyed, TeardownFailure> {
    let path: PathBuf = work.path().to_owned();
    match work.salvage(&job.keeper.directory, &job.operation) {
        Err(error) => {
            let mut failure = answer
                .err()
                .unwrap_or_else(|| TeardownFailure::machine(&error));
            failure.reason = format!("{}; {error}", failure.reason);
            failure.remedy = format!(
                "save `errored.tfstate` below `{}`, the only copy of the state, then push it with `terraform state push`",
                path.display()
            );
            failure.work_dir = Some(Box::new(path));
            Err(failure)
        }
        Ok(plain) => {
            if let Err(error) = work.remove() {
                tracing::warn!(%error, "a work directory stays behind");
            }
            match (sealed, plain) {
                (Some(Ok(sealed)), _) => Err(unsaved(answer, sealed, in_seal)),
                (because, Some(plain)) => {
                    Err(unsaved(answer, plain, |path| in_clear(path, because)))
                }
                (_, None) => answer,
            }
        }
    }
}

/// The failure of a run whose last state is in `kept` only.
fn unsaved(
    answer: Result<Destroyed, TeardownFailure>,
    kept: PathBuf,
    remedy: impl FnOnce(&Path) -> String,
) -> TeardownFailure {
    let mut failure = answer.map_or_else(
        |failure| failure,
        |destroyed| {
            let because = "the state could not be saved";
            let mut failure = TeardownFailure::new(FailureKind::ApplyFailed, because, "");
            failure.done = Some(Box::new(PartlyDone {
                deleted: None,
                events_sha256: destroyed.evidence.events_sha256,
            }));
            failure
        },
    );
    // The stored state is not the last one, so what it no longer holds is not all that was deleted.
    if let Some(done) = &mut failure.done {
        done.deleted = None;
    }
    failure.remedy = remedy(&kept);
    failure.kept_state = Some(kept.into_boxed_path());
    failure
}

fn in_seal(path: &Path) -> String {
    format!(
        "restore access to the state's backend, and the earlier state if it is damaged; the next sweep then pushes \
         the sealed `{}`",
        path.display()
    )
}

fn in_clear(path: &Path, because: Option<Result<PathBuf, KeepError>>) -> String {
    let because = because
        .and_then(Result::err)
        .map(|error| format!("it could not be sealed ({error}); "))
        .unwrap_or_default();
    format!(
        "{because}restore access to the state's backend; the next sweep seals and pushes the state, or push it by \
         hand with `terraform state push {}`; it is not sealed and holds secrets, so remove it afterwards",
        path.display()
    )
}
