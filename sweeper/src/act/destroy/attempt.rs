//! One try to destroy a state in one way: set up, plan and checks; then, apart, apply.
//!
//! Knows the arguments of the CLI. Decides neither which way is taken nor whether what was done is enough.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
};

use backend::StateDoc;
use ledger::fact::LockFact;
use terraform::{
    events::{Diagnostic, EventLog, Progress},
    process::{self, Call, Outcome, Stopped},
    redact::Redactor,
    work_dir::WorkDir,
};

use super::{
    checks::{self, Checked},
    failure::{FailureKind, TeardownFailure},
    job::{Hooks, TeardownJob},
    plan_base,
    remedy::{LOCK_TITLE, remedy},
    set_up::SetUp,
    strategy::{Setback, Strategy},
    ways::Ways,
};

/// The most characters of the CLI's own words in a reason.
const LONGEST_REASON: usize = 2000;

/// The most errors that are quoted in a reason.
const MOST_ERRORS: usize = 3;

/// What errors speak of when a work directory is not set up as the CLI wants it, whatever is not: the backend, the
/// lock file, or the installed providers.
const SET_UP: [&str; 4] = [
    "terraform init",
    "tofu init",
    "dependency lock file",
    "plugin",
];

/// What every call of a try shares.
pub(super) struct Attempt<'a> {
    pub(super) job: &'a TeardownJob,
    pub(super) hooks: &'a dyn Hooks,
    pub(super) work: &'a WorkDir,
    pub(super) environment: &'a BTreeMap<OsString, OsString>,
    pub(super) redactor: &'a Redactor,
}

/// A try that failed before anything was done.
pub(super) struct Failed {
    pub(super) failure: TeardownFailure,
    /// How, if another way may do better.
    pub(super) setback: Option<Setback>,
    /// Whether the CLI may only have missed an `init`.
    pub(super) uninitialised: bool,
}

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

/// A failure that no other way would get round.
pub(super) fn fatal(failure: TeardownFailure) -> Failed {
    Failed {
        failure,
        setback: None,
        uninitialised: false,
    }
}

impl Attempt<'_> {
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
                    "the refresh found nothing of what the state holds",
                    "nothing: it is tried without a refresh",
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
        let mut show = |progress: Progress| self.hooks.progress(&progress);
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

    /// A call that does nothing outside; if it was stopped, that is the end.
    pub(super) async fn prepared(
        &self,
        arguments: Vec<OsString>,
        on_output: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<Outcome, Failed> {
        let outcome = self
            .call(arguments, self.job.limits.prepare, on_output)
            .await
            .map_err(fatal)?;
        match outcome.stopped {
            None => Ok(outcome),
            Some(stopped) => Err(fatal(stopped_early(stopped, "nothing was deleted"))),
        }
    }

    /// A call as every one is made: in the work directory, as a process group that the journal knows.
    pub(super) async fn call(
        &self,
        arguments: Vec<OsString>,
        timeout: std::time::Duration,
        on_output: &mut (dyn FnMut(&[u8]) + Send),
    ) -> Result<Outcome, TeardownFailure> {
        let running = process::start(&Call {
            program: &self.job.cli.path,
            arguments,
            directory: self.work.root(),
            environment: self.environment,
            timeout,
            grace: self.job.limits.grace,
        })
        .map_err(|error| TeardownFailure::machine(&error))?;
        if let Err(abort) = self.hooks.process_group(running.group()).await {
            running.abandon().await;
            return Err(TeardownFailure::aborted(&abort.0));
        }
        running
            .finish(on_output, self.hooks.cancelled())
            .await
            .map_err(|error| TeardownFailure::machine(&error))
    }

    fn parallelism(&self) -> Option<OsString> {
        let count = self.job.parallelism?;
        Some(format!("-parallelism={count}").into())
    }

    /// What went wrong in the CLI's own words, cleaned; empty if it says nothing.
    fn errors(&self, log: &EventLog, outcome: &Outcome) -> String {
        let mut said: Vec<String> = log.errors().take(MOST_ERRORS).map(sentence).collect();
        if said.is_empty() && !outcome.success() {
            said.push(plain(&outcome.stderr));
            if let Some(signal) = outcome.signal {
                said.push(format!("ended by signal {signal}"));
            }
        }
        self.clean(&said.join("; "))
    }

    /// `text` without secrets, and without what could steer a terminal: it is another program's word.
    pub(super) fn clean(&self, text: &str) -> String {
        self.redactor
            .clean(text)
            .chars()
            .map(|character| match character.is_control() {
                true => ' ',
                false => character,
            })
            .take(LONGEST_REASON)
            .collect()
    }
}

/// A call that was asked to stop.
pub(super) fn stopped_early(stopped: Stopped, what: &str) -> TeardownFailure {
    match stopped {
        Stopped::Cancelled => TeardownFailure::new(
            FailureKind::Cancelled,
            format!("it was stopped; {what}"),
            "nothing: the next sweep takes it up",
        ),
        Stopped::TimedOut => TeardownFailure::new(
            FailureKind::TimedOut,
            format!("its time was up; {what}"),
            "raise the limit if the environment really needs longer; the next sweep takes it up",
        ),
    }
}

pub(super) fn words(all: &[&str]) -> Vec<OsString> {
    all.iter().map(OsString::from).collect()
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

/// A diagnostic in one line.
fn sentence(diagnostic: &Diagnostic) -> String {
    let at = diagnostic
        .address
        .as_ref()
        .map(|address| format!(" at `{address}`"))
        .unwrap_or_default();
    let detail = diagnostic
        .detail
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if detail.is_empty() {
        format!("{}{at}", diagnostic.summary)
    } else {
        format!("{}{at}: {detail}", diagnostic.summary)
    }
}

/// What the CLI drew on stderr, without the frame.
pub(super) fn plain(text: &str) -> String {
    text.split(|character: char| character.is_whitespace() || "╷│╵".contains(character))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
