//! The end of every teardown: what must not be lost is saved, the rest is removed.

use std::path::PathBuf;

use super::{
    failure::{FailureKind, TeardownFailure},
    job::{Destroyed, TeardownJob},
    work_dir::WorkDir,
};

/// Saves what must not be lost and removes the rest.
pub(super) fn clear_up(
    job: &TeardownJob,
    work: WorkDir,
    answer: Result<Destroyed, TeardownFailure>,
) -> Result<Destroyed, TeardownFailure> {
    let path: PathBuf = work.path().to_owned();
    match work.salvage(&job.places.kept, &job.operation) {
        Err(error) => {
            let mut failure = answer
                .err()
                .unwrap_or_else(|| TeardownFailure::machine(&error));
            failure.reason = format!("{}; {error}", failure.reason);
            failure.remedy = format!(
                "save `errored.tfstate` below `{}`, the only copy of the state, then push it with `terraform state push`",
                path.display()
            );
            failure.work_dir = Some(path.into_boxed_path());
            Err(failure)
        }
        Ok(kept) => {
            if let Err(error) = work.remove() {
                tracing::warn!(%error, "a work directory stays behind");
            }
            match (answer, kept) {
                (answer, None) => answer,
                (Ok(_), Some(kept)) => Err(unsaved(
                    TeardownFailure::new(
                        FailureKind::ApplyFailed,
                        "the state could not be saved",
                        "",
                    ),
                    kept,
                )),
                (Err(failure), Some(kept)) => Err(unsaved(failure, kept)),
            }
        }
    }
}

/// The failure of a run whose last state is in `kept` only.
fn unsaved(mut failure: TeardownFailure, kept: PathBuf) -> TeardownFailure {
    failure.remedy = format!(
        "bring the state's store back, then run `terraform state push {}`; it holds secrets, so remove it afterwards",
        kept.display()
    );
    failure.kept_state = Some(kept.into_boxed_path());
    failure
}
