//! The whole teardown of one state, in its written order.
//!
//! Read and refuse; prove ownership; nothing to do; look at the lock; choose a way; set up, plan, check; ask the caller;
//! read again; apply; read for evidence. Nothing outside is touched before `apply`.

use std::{path::PathBuf, sync::OnceLock, time::Duration};

use backend::{Backend, StateDoc, StateError, terraform_version};
use ledger::{environment::TeardownStep, fact::LockFact};
use terraform::{cli::CliKind, work_dir::WorkDir};

use super::{
    attempt::Applied,
    calls::{Calls, Failed, stopped_early},
    checks::{self, Checked},
    clear_up::{clear_up, seal_right_after},
    evidence::{self, Before, NotProven},
    failure::{FailureKind, PartlyDone, TeardownFailure},
    job::{Checkpoints, Destroyed, Ready, TeardownJob},
    ownership::{self, Proof},
    remedy::remedy,
    strategy::Strategy,
    ways::Ways,
};
use crate::rescue::kept_state::KeepError;

/// How long the proof waits for the lock of another program.
const LOCK_PATIENCE: Duration = Duration::from_secs(20);

/// How long between two looks at that lock.
const LOCK_PAUSE: Duration = Duration::from_millis(200);

/// Destroys the state of `job` and proves it.
///
/// # Errors
/// What kept it from its end. Before `apply` nothing outside was touched.
pub async fn destroy(
    job: &TeardownJob,
    reader: &dyn Backend,
    checkpoints: &dyn Checkpoints,
) -> Result<Destroyed, TeardownFailure> {
    let (_, proof) = prove_ownership(job, reader).await?;
    destroy_proven(job, &proof, reader, checkpoints).await
}

/// Reads the state natively and proves that it is the one the job means. Answers what was read, with the proof.
///
/// # Errors
/// Why it must not be destroyed.
pub async fn prove_ownership(
    job: &TeardownJob,
    reader: &dyn Backend,
) -> Result<(StateDoc, Proof), TeardownFailure> {
    let state = read(job, reader).await?;
    match ownership::prove(&state, &job.expected) {
        Ok(proof) => Ok((state, proof)),
        Err(not_ours) => Err(TeardownFailure::new(
            FailureKind::Refused,
            not_ours.to_string(),
            not_ours.remedy(),
        )
        .with_left(Some(state.managed_count()))),
    }
}

/// Destroys the state of `job`, which was proven to be ours, and proves that it is gone.
///
/// # Errors
/// What kept it from its end. Before `apply` nothing outside was touched.
pub async fn destroy_proven(
    job: &TeardownJob,
    proof: &Proof,
    reader: &dyn Backend,
    checkpoints: &dyn Checkpoints,
) -> Result<Destroyed, TeardownFailure> {
    let state = read(job, reader).await?;
    refuse(job, proof, &state)?;
    let left = Some(state.managed_count());
    let with_left = |failure: TeardownFailure| failure.with_left(left);
    match reader.lock(&job.address).await {
        Ok(None) => {}
        Ok(Some(lock)) => return Err(with_left(TeardownFailure::lock_held(lock))),
        Err(error) => return Err(with_left(unreadable(&error))),
    }
    if state.managed_count() == 0 {
        return prove_empty(job, &state, reader, checkpoints).await;
    }
    let ways = Ways::of(job, &state)?;
    // Asked before a directory is made for nothing.
    ways.choose(&[]).map_err(with_left)?;
    let work = WorkDir::create(&job.places.work_base, &job.places.temporary)
        .map_err(|error| with_left(TeardownFailure::machine(&error)))?;
    let run = Run {
        job,
        reader,
        checkpoints,
        state: &state,
        work: &work,
        kept: OnceLock::new(),
    };
    let answer = run.all(&ways).await;
    let kept = run.kept.into_inner();
    clear_up(job, work, kept, answer)
}

async fn read(job: &TeardownJob, reader: &dyn Backend) -> Result<StateDoc, TeardownFailure> {
    match reader.read(&job.address).await {
        Ok(Some(state)) => Ok(state),
        Ok(None) => Err(TeardownFailure::new(
            FailureKind::Refused,
            format!("there is no state at {}", job.address),
            "correct the address of the environment's state, or release its record with `sweeper release NAME --reason TEXT`",
        )),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unreadable(error: &StateError) -> TeardownFailure {
    let kind = match error {
        StateError::Refused(_) => FailureKind::Refused,
        StateError::Unreadable { .. } => FailureKind::Unreadable,
    };
    TeardownFailure::new(kind, error.to_string(), error.remedy())
}

/// What forbids the destroy of a state that is ours.
fn refuse(job: &TeardownJob, proof: &Proof, state: &StateDoc) -> Result<(), TeardownFailure> {
    let no = |reason: String, remedy: &str| {
        Err(TeardownFailure::new(FailureKind::Refused, reason, remedy)
            .with_left(Some(state.managed_count())))
    };
    if (proof.lineage(), proof.serial()) != (&state.lineage, state.serial) {
        return no(
            "the state changed right after it was proven to be ours".to_owned(),
            "no action needed: the next sweep decides anew",
        );
    }
    if let Some(address) = job
        .capture
        .as_ref()
        .and_then(|capture| capture.prevent_destroy.first())
    {
        return no(
            format!("`{address}` has `prevent_destroy`"),
            "remove `prevent_destroy` from the configuration and apply it, if the object really may go",
        );
    }
    let captured = job.capture.as_ref().map(|capture| capture.cli.as_str());
    let wanted = CliKind::of(state, captured);
    if wanted != job.cli.kind {
        return no(
            format!(
                "the state belongs to {}, and {} was to destroy it",
                wanted.as_str(),
                job.cli.kind.as_str()
            ),
            "install the CLI the environment was applied with, and name its path in the sweeper's configuration",
        );
    }
    terraform_version::refuse_newer(state, job.cli.kind.as_str(), &job.cli.version)
        .or_else(|refusal| no(refusal.to_string(), refusal.remedy()))
}

async fn prove_empty(
    job: &TeardownJob,
    state: &StateDoc,
    reader: &dyn Backend,
    checkpoints: &dyn Checkpoints,
) -> Result<Destroyed, TeardownFailure> {
    checkpoints
        .step(TeardownStep::Proving, None)
        .await
        .map_err(|abort| TeardownFailure::aborted(&abort.0))?;
    let before = Before {
        lineage: state.lineage.clone(),
        serial: state.serial,
        strategy: Strategy::Empty,
        deletes: Vec::new(),
        events_sha256: None,
    };
    let lock = lock_once_free(reader, job).await;
    let after = reader.read(&job.address).await;
    evidence::prove(before, after, lock)
        .map(|evidence| Destroyed {
            evidence,
            already_gone: Vec::new(),
        })
        .map_err(not_proven)
}

/// Who holds the lock, once nobody does or patience is at its end: somebody who came right after the destroy should not
/// make it look unproven.
async fn lock_once_free(
    reader: &dyn Backend,
    job: &TeardownJob,
) -> Result<Option<LockFact>, StateError> {
    let deadline = tokio::time::Instant::now() + LOCK_PATIENCE;
    loop {
        let lock = reader.lock(&job.address).await;
        if !matches!(lock, Ok(Some(_))) || deadline <= tokio::time::Instant::now() {
            return lock;
        }
        tokio::time::sleep(LOCK_PAUSE).await;
    }
}

fn not_proven(found: NotProven) -> TeardownFailure {
    TeardownFailure::new(
        FailureKind::NotProven,
        found.reason,
        "look at the state with `terraform state list` where the environment is applied; the next sweep tries again",
    )
    .with_left(found.left)
}

/// One teardown in its work directory.
struct Run<'a> {
    job: &'a TeardownJob,
    reader: &'a dyn Backend,
    checkpoints: &'a dyn Checkpoints,
    state: &'a StateDoc,
    work: &'a WorkDir,
    /// What became of a state that terraform could not save.
    kept: OnceLock<Result<PathBuf, KeepError>>,
}

impl Run<'_> {
    async fn all(&self, ways: &Ways<'_>) -> Result<Destroyed, TeardownFailure> {
        let environment = self.job.child_env.within(
            self.work.path(),
            &self.work.data(),
            &self.job.address.workspace,
        );
        let redactor = self.job.redactor();
        let attempt = Calls {
            job: self.job,
            checkpoints: self.checkpoints,
            work: self.work,
            environment: &environment,
            redactor: &redactor,
        };
        self.step(TeardownStep::Planning).await?;
        let (strategy, checked) = self.prepare(ways, &attempt).await?;
        self.confirm(strategy, &checked).await?;
        self.step(TeardownStep::Applying).await?;
        let again = read(self.job, self.reader).await?;
        checks::unmoved(self.state, &again)
            .map_err(|violation| TeardownFailure::checks(vec![violation]))
            .map_err(|failure| failure.with_left(Some(again.managed_count())))?;
        let applied = attempt.apply().await;
        // Before anything else is waited for.
        if let Some(kept) = seal_right_after(self.job, self.reader, self.state, self.work).await {
            // There is one apply, so it is set once.
            let _ = self.kept.set(kept);
        }
        let applied = applied?;
        self.prove(strategy, checked, applied).await
    }

    async fn step(&self, step: TeardownStep) -> Result<(), TeardownFailure> {
        self.checkpoints
            .step(step, Some(self.work.path()))
            .await
            .map_err(|abort| TeardownFailure::aborted(&abort.0).with_left(self.left()))
    }

    fn left(&self) -> Option<u64> {
        Some(self.state.managed_count())
    }

    /// Tries one way after the other until a plan passes its checks.
    async fn prepare(
        &self,
        ways: &Ways<'_>,
        attempt: &Calls<'_>,
    ) -> Result<(Strategy, Checked), TeardownFailure> {
        let mut setbacks = Vec::new();
        let mut first: Option<TeardownFailure> = None;
        loop {
            let strategy = match ways.choose(&setbacks) {
                Ok(strategy) => strategy,
                // What failed first says more than that nothing is left to try.
                Err(none) => return Err(first.unwrap_or(none).with_left(self.left())),
            };
            if !setbacks.is_empty() {
                self.work
                    .clear()
                    .map_err(|error| TeardownFailure::machine(&error).with_left(self.left()))?;
            }
            match attempt.prepare(ways, strategy, self.state).await {
                Ok(checked) => return Ok((strategy, checked)),
                Err(Failed {
                    failure,
                    setback: Some(setback),
                    ..
                }) => {
                    tracing::info!(%strategy, reason = %failure, "a way to destroy a state failed");
                    setbacks.push((strategy, setback));
                    first.get_or_insert(failure);
                }
                Err(Failed { failure, .. }) => return Err(failure.with_left(self.left())),
            }
        }
    }

    async fn confirm(&self, strategy: Strategy, checked: &Checked) -> Result<(), TeardownFailure> {
        let ready = Ready {
            strategy,
            lineage: self.state.lineage.clone(),
            serial: self.state.serial,
            inventory: self.state.inventory(),
            deletes: checked.deletes.clone(),
            already_gone: checked.already_gone.clone(),
        };
        self.checkpoints
            .before_apply(&ready)
            .await
            .map_err(|abort| TeardownFailure::aborted(&abort.0).with_left(self.left()))
    }

    async fn prove(
        &self,
        strategy: Strategy,
        checked: Checked,
        applied: Applied,
    ) -> Result<Destroyed, TeardownFailure> {
        self.step(TeardownStep::Proving).await?;
        // The exit code is no evidence for or against what is left. But a run that failed before it began to delete
        // everything may have lost a race, and what another one deleted is not to be recorded as this one's work.
        let own_work = applied.outcome.success() || checked.deletes.len() <= applied.started;
        let lock = lock_once_free(self.reader, self.job).await;
        let after = self.reader.read(&self.job.address).await;
        let deleted = match &after {
            Ok(Some(after)) if after.lineage == self.state.lineage => {
                Some(evidence::deleted(&checked.deletes, &applied.begun, after))
            }
            _ => None,
        };
        let before = Before {
            lineage: self.state.lineage.clone(),
            serial: self.state.serial,
            strategy,
            deletes: checked.deletes,
            events_sha256: Some(applied.events_sha256.clone()),
        };
        let found = match evidence::prove(before, after, lock) {
            Ok(evidence) if own_work => {
                return Ok(Destroyed {
                    evidence,
                    already_gone: checked.already_gone,
                });
            }
            Ok(_) => NotProven {
                reason: "nothing is left, and another program deleted it".to_owned(),
                left: Some(0),
            },
            Err(found) => found,
        };
        let left = found.left;
        let failure = if let Some(stopped) = applied.outcome.stopped {
            stopped_early(stopped, &found.reason)
        } else if applied.outcome.success() {
            not_proven(found)
        } else {
            let reason = format!("`apply` failed: {}; {}", applied.errors, found.reason);
            TeardownFailure::new(FailureKind::ApplyFailed, reason, remedy(&applied.errors))
        };
        Err(TeardownFailure {
            done: Some(Box::new(PartlyDone {
                deleted,
                events_sha256: Some(applied.events_sha256),
            })),
            ..failure.with_left(left)
        })
    }
}
