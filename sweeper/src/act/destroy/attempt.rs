//! One try to destroy a state in one way: set up, plan and checks; then, apart, apply.
//!
//! Knows the arguments of the CLI. Decides neither which way is taken nor whether what was done is enough.

use std::{collections::BTreeSet, ffi::OsString};

use backend::StateDoc;
use ledger::fact::LockFact;
use terraform::{
    events::{Diagnostic, EventLog, Progress},
    process::Outcome,
};

use super::{
    calls::{Calls, Failed, fatal, words},
    checks::{self, Checked},
    failure::{FailureKind, TeardownFailure},
    plan_base,
    remedy::{LOCK_TITLE, remedy},
    set_up::SetUp,
    strategy::{Setback, Strategy},
    ways::Ways,
};

/// What errors speak of when a work directory is not set up as the CLI wants it, whatever is not: the backend, the
/// lock file, or the installed providers.
const SET_UP: [&str; 4] = [
    "terraform init",
    "tofu init",
    "dependency lock file",
    "plugin",
];

/// What an apply ended with.
pub(super) struct Applied {
    pub(super) outcome: Outcome,
    pub(super) events_sha256: String,
    /// How many deletions it reported as begun.
    pub(super) started: usize,
    /// Of which objects.
    pub(super) begun: BTreeSet<String>,
    /// The errors, cleaned; empty if there were none.
    pub(super) errors: String,
}

impl Calls<'_> {
    /// Set up, plan and checks, in an empty work directory.
    pub(super) async fn prepare(
        &self,
        ways: &Ways<'_>,
        strategy: Strategy,
        state: &StateDoc,
    ) -> Result<Checked, Failed> {
        let set_up = self.set_up(ways, strategy).await?;
        match (self.plan(strategy).await, set_up) {
            (Err(failed), SetUp::Prepared(slot)) if failed.uninitialised => {
                tracing::info!(reason = %failed.failure, "a prepared work directory did not do");
                self.set_up_anew(&slot, ways, strategy).await?;
                self.plan(strategy).await?;
            }
            (planned, _) => planned?,
        }
        let plan = self.planned().await?;
        let elsewhere = plan_base::violations(&plan, state, &self.job.address);
        let checked = match checks::check(&plan, state, self.job.accept_vanished) {
            Ok(checked) if elsewhere.is_empty() => checked,
            Ok(_) => return Err(fatal(TeardownFailure::checks(elsewhere))),
            Err(violations) => {
                let all = elsewhere.into_iter().chain(violations).collect();
                return Err(fatal(TeardownFailure::checks(all)));
            }
        };
        if checked.deletes.is_empty() {
            // Applying a plan without changes would not write the state.
            return Err(Failed {
                failure: TeardownFailure::new(
                    FailureKind::PlanFailed,
                    "the refresh found none of the objects in the state",
                    "no action needed: the sweep retries without a refresh",
                ),
                setback: Some(Setback::Read),
                uninitialised: false,
            });
        }
        Ok(checked)
    }

    /// Applies the saved plan.
    pub(super) async fn apply(&self) -> Result<Applied, TeardownFailure> {
        let mut arguments = words(&["apply", "-json", "-input=false", "-lock-timeout=0s"]);
        arguments.extend(self.parallelism());
        arguments.push(self.work.plan().into());
        let mut log = EventLog::default();
        let mut show = |progress: Progress| self.checkpoints.progress(&progress);
        let outcome = self
            .call(arguments, self.job.limits.apply, &mut |piece| {
                log.feed(piece, &mut show);
            })
            .await?;
        let events_sha256 = log.finish(&mut show);
        Ok(Applied {
            errors: self.errors(&log, &outcome),
            started: log.started,
            begun: std::mem::take(&mut log.begun),
            outcome,
            events_sha256,
        })
    }

    async fn plan(&self, strategy: Strategy) -> Result<(), Failed> {
        let mut arguments = words(&[
            "plan",
            "-destroy",
            "-json",
            "-input=false",
            "-lock-timeout=0s",
        ]);
        if !strategy.refreshes() {
            arguments.push("-refresh=false".into());
        }
        arguments.extend(self.parallelism());
        let mut out = OsString::from("-out=");
        out.push(self.work.plan());
        arguments.push(out);
        let mut log = EventLog::default();
        let outcome = self
            .prepared(arguments, &mut |piece| log.feed(piece, &mut |_| {}))
            .await?;
        log.finish(&mut |_| {});
        if outcome.success() {
            return Ok(());
        }
        if let Some(error) = log.errors().find(|error| error.summary == LOCK_TITLE) {
            return Err(fatal(TeardownFailure::lock_held(lock_of(error))));
        }
        let said = self.errors(&log, &outcome);
        let uninitialised = SET_UP.iter().any(|piece| {
            said.contains(piece) || log.errors().any(|error| error.detail.contains(piece))
        });
        Err(Failed {
            failure: TeardownFailure::new(
                FailureKind::PlanFailed,
                format!("`plan` failed: {said}"),
                remedy(&said),
            ),
            // Which object could not be read is not in the events, so every failure may have been a read.
            setback: Some(Setback::Read),
            uninitialised,
        })
    }

    fn parallelism(&self) -> Option<OsString> {
        let count = self.job.parallelism?;
        Some(format!("-parallelism={count}").into())
    }
}

/// The holder as the error about a lock names it.
fn lock_of(error: &Diagnostic) -> LockFact {
    let field = |name: &str| {
        error
            .detail
            .lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .unwrap_or_else(|| "unknown".to_owned())
    };
    LockFact {
        who: field("Who:"),
        operation: field("Operation:"),
        since: field("Created:")
            .replace(" +0000 UTC", "Z")
            .replacen(' ', "T", 1)
            .parse()
            .ok(),
    }
}
