//! The whole teardown of one state, in its written order.
//!
//! Read and refuse; prove ownership; nothing to do; look at the lock; choose a way; init, plan, show, check; ask the
//! caller; read again; apply; read for evidence. Nothing outside is touched before `apply`.

use std::path::PathBuf;

use ledger::environment::TeardownStep;
use serde_json::{Value, json};

use super::{
    attempt::{Applied, Attempt, Failed, stopped_early},
    capsule_replay, checks,
    checks::Checked,
    engine::EngineKind,
    evidence::{self, Before},
    failure::{FailureKind, TeardownFailure},
    generated_root::{self, Sources},
    job::{Destroyed, Hooks, Ready, TeardownJob},
    ownership::{self, Proof},
    redact::{Redactor, texts},
    strategy::{self, Situation, Strategy},
    work_dir::WorkDir,
};
use crate::state::{StateDoc, StateReader, terraform_version};

/// Destroys the state of `job` and proves it.
///
/// # Errors
/// What kept it from its end. Before `apply` nothing outside was touched.
pub async fn destroy(
    job: &TeardownJob,
    reader: &dyn StateReader,
    hooks: &dyn Hooks,
) -> Result<Destroyed, TeardownFailure> {
    let proof = prove_ownership(job, reader).await?;
    destroy_proven(job, &proof, reader, hooks).await
}

/// Reads the state natively and proves that it is the one the job means.
///
/// # Errors
/// Why it must not be destroyed.
pub async fn prove_ownership(
    job: &TeardownJob,
    reader: &dyn StateReader,
) -> Result<Proof, TeardownFailure> {
    let state = read(job, reader).await?;
    ownership::prove(&state, &job.expected).map_err(|not_ours| {
        TeardownFailure::new(
            FailureKind::Refused,
            not_ours.to_string(),
            not_ours.remedy(),
        )
        .with_left(Some(state.managed_count()))
    })
}

/// Destroys the state of `job`, which was proven to be ours, and proves that it is gone.
///
/// # Errors
/// What kept it from its end. Before `apply` nothing outside was touched.
pub async fn destroy_proven(
    job: &TeardownJob,
    proof: &Proof,
    reader: &dyn StateReader,
    hooks: &dyn Hooks,
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
        return prove_empty(job, &state, reader, hooks).await;
    }
    let ways = Ways::of(job, &state)?;
    // Asked before a directory is made for nothing.
    ways.choose(&[]).map_err(with_left)?;
    let work = WorkDir::create(&job.places.work_base, &job.places.temporary)
        .map_err(|error| with_left(TeardownFailure::machine(&error)))?;
    let run = Run {
        job,
        reader,
        hooks,
        state: &state,
        work: &work,
    };
    let answer = run.all(&ways).await;
    clear_up(job, work, answer)
}

async fn read(job: &TeardownJob, reader: &dyn StateReader) -> Result<StateDoc, TeardownFailure> {
    match reader.read(&job.address).await {
        Ok(Some(state)) => Ok(state),
        Ok(None) => Err(TeardownFailure::new(
            FailureKind::Refused,
            format!("there is no state at {}", job.address),
            "correct the address of the environment's state, or release its record with `sweeper release NAME`",
        )),
        Err(error) => Err(unreadable(&error)),
    }
}

fn unreadable(error: &crate::state::StateError) -> TeardownFailure {
    let kind = match error {
        crate::state::StateError::Refused(_) => FailureKind::Refused,
        crate::state::StateError::Unreadable { .. } => FailureKind::Unreadable,
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
            "nothing: the next sweep decides anew",
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
    let wanted = EngineKind::of(state, job.capture.as_ref());
    if wanted != job.engine.kind {
        return no(
            format!(
                "the state belongs to {}, and {} was to destroy it",
                wanted.as_str(),
                job.engine.kind.as_str()
            ),
            "install the CLI the environment was applied with, and name its path in the sweeper's configuration",
        );
    }
    terraform_version::refuse_newer(state, job.engine.kind.as_str(), &job.engine.version)
        .or_else(|refusal| no(refusal.to_string(), refusal.remedy()))
}

async fn prove_empty(
    job: &TeardownJob,
    state: &StateDoc,
    reader: &dyn StateReader,
    hooks: &dyn Hooks,
) -> Result<Destroyed, TeardownFailure> {
    hooks
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
    let lock = reader.lock(&job.address).await;
    let after = reader.read(&job.address).await;
    evidence::prove(before, after, lock)
        .map(|evidence| Destroyed {
            evidence,
            already_gone: Vec::new(),
        })
        .map_err(not_proven)
}

fn not_proven(found: evidence::NotProven) -> TeardownFailure {
    TeardownFailure::new(
        FailureKind::NotProven,
        found.reason,
        "look at the state with `terraform state list` where the environment is applied; the next sweep tries again",
    )
    .with_left(found.left)
}

/// The ways in which a state could be destroyed.
struct Ways<'a> {
    job: &'a TeardownJob,
    managed: u64,
    state_only: Result<generated_root::GeneratedRoot, Vec<String>>,
    capsule: Result<std::collections::BTreeMap<String, Vec<u8>>, Vec<String>>,
}

impl<'a> Ways<'a> {
    fn of(job: &'a TeardownJob, state: &StateDoc) -> Result<Self, TeardownFailure> {
        let backend = backend(job)?;
        let state_only = generated_root::generate(&Sources {
            state,
            capsule: job.capsule.as_ref(),
            templates: &job.provider_templates,
            engine: job.engine.kind,
            backend: &backend,
        });
        let capsule = match &job.capsule {
            Some(capsule) => capsule_replay::replay(capsule, job.engine.kind, &backend),
            None => Err(vec![
                "no configuration was captured; apply once more, so that it is".to_owned(),
            ]),
        };
        Ok(Self {
            job,
            managed: state.managed_count(),
            state_only,
            capsule,
        })
    }

    fn choose(
        &self,
        setbacks: &[(Strategy, strategy::Setback)],
    ) -> Result<Strategy, TeardownFailure> {
        let capture = self.job.capture.as_ref();
        strategy::choose(&Situation {
            managed: self.managed,
            state_only_obstacles: self.state_only.as_ref().err().map_or(&[], Vec::as_slice),
            capsule_obstacles: self.capsule.as_ref().err().map_or(&[], Vec::as_slice),
            destroy_provisioners: capture.map_or(&[], |capture| &capture.destroy_provisioners),
            no_refresh: self.job.no_refresh,
            setbacks,
        })
        .map_err(|obstacles| {
            TeardownFailure::new(
                FailureKind::NoStrategy,
                format!("there is no way to destroy it: {}", obstacles.join("; ")),
                "remove one of the obstacles named in the reason",
            )
        })
    }

    fn files(&self, strategy: Strategy) -> Vec<(&str, &[u8])> {
        let files = match strategy {
            Strategy::StateOnly { .. } => self.state_only.as_ref().ok().map(|root| &root.files),
            Strategy::Capsule { .. } => self.capsule.as_ref().ok(),
            Strategy::Empty => None,
        };
        files
            .into_iter()
            .flatten()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect()
    }
}

/// The settings of the backend: exactly the address, nothing from any configuration.
fn backend(job: &TeardownJob) -> Result<Value, TeardownFailure> {
    let settings = &job.address.settings;
    match (job.address.backend.as_str(), settings.get("path")) {
        ("local", Some(path)) => {
            let mut backend = json!({"path": path});
            if let Some(workspaces) = settings.get("workspace_dir") {
                backend["workspace_dir"] = json!(workspaces);
            }
            Ok(backend)
        }
        _ => Err(TeardownFailure::new(
            FailureKind::Refused,
            format!(
                "a state at {} cannot be destroyed by this version of the sweeper",
                job.address
            ),
            "destroy it with `terraform destroy` where it is applied; the backend known today is `local`",
        )),
    }
}

/// One teardown in its work directory.
struct Run<'a> {
    job: &'a TeardownJob,
    reader: &'a dyn StateReader,
    hooks: &'a dyn Hooks,
    state: &'a StateDoc,
    work: &'a WorkDir,
}

impl Run<'_> {
    async fn all(&self, ways: &Ways<'_>) -> Result<Destroyed, TeardownFailure> {
        let environment = self.job.environment.within(
            self.work.path(),
            &self.work.data(),
            &self.job.address.workspace,
        );
        let templates = self.job.provider_templates.values().flat_map(texts);
        let secrets = self.job.environment.secrets().iter().cloned();
        let redactor = Redactor::new(secrets.chain(templates));
        let attempt = Attempt {
            job: self.job,
            hooks: self.hooks,
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
        let applied = attempt.apply().await?;
        self.prove(strategy, checked, applied).await
    }

    async fn step(&self, step: TeardownStep) -> Result<(), TeardownFailure> {
        self.hooks
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
        attempt: &Attempt<'_>,
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
            self.work
                .write(ways.files(strategy))
                .map_err(|error| TeardownFailure::machine(&error).with_left(self.left()))?;
            match attempt.prepare(strategy, self.state).await {
                Ok(checked) => return Ok((strategy, checked)),
                Err(Failed {
                    failure,
                    setback: Some(setback),
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
            deletes: checked.deletes.clone(),
            already_gone: checked.already_gone.clone(),
        };
        self.hooks
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
        let before = Before {
            lineage: self.state.lineage.clone(),
            serial: self.state.serial,
            strategy,
            deletes: checked.deletes,
            events_sha256: Some(applied.events_sha256),
        };
        let lock = self.reader.lock(&self.job.address).await;
        let after = self.reader.read(&self.job.address).await;
        let found = match evidence::prove(before, after, lock) {
            // The exit code is not asked: what counts is that nothing is left.
            Ok(evidence) => {
                return Ok(Destroyed {
                    evidence,
                    already_gone: checked.already_gone,
                });
            }
            Err(found) => found,
        };
        if let Some(stopped) = applied.outcome.stopped {
            return Err(stopped_early(stopped, &found.reason).with_left(found.left));
        }
        if applied.outcome.success() {
            return Err(not_proven(found));
        }
        Err(TeardownFailure::new(
            FailureKind::ApplyFailed,
            format!("`apply` failed: {}; {}", applied.errors, found.reason),
            super::remedy::remedy(&applied.errors),
        )
        .with_left(found.left))
    }
}

/// Saves what must not be lost and removes the rest.
fn clear_up(
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
            failure.work_dir = Some(path);
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
    failure.kept_state = Some(kept);
    failure
}
