//! One call of the CLI as every one is made: in the work directory, as a process group that the journal knows; and what
//! it said, in one line without secrets.
//!
//! Knows nothing of what is asked of the CLI.

use std::{collections::BTreeMap, ffi::OsString};

use terraform::{
    events::{Diagnostic, EventLog},
    process::{self, Call, Outcome, Stopped},
    redact::Redactor,
    work_dir::WorkDir,
};

use super::{
    failure::{FailureKind, TeardownFailure},
    job::{Checkpoints, TeardownJob},
    remedy::remedy,
    strategy::Setback,
};

/// The most characters of the CLI's own words in a reason.
const LONGEST_REASON: usize = 2000;

/// The most errors that are quoted in a reason.
const MOST_ERRORS: usize = 3;

/// What every call of a try shares.
pub(crate) struct Calls<'a> {
    pub(crate) job: &'a TeardownJob,
    pub(crate) checkpoints: &'a dyn Checkpoints,
    pub(crate) work: &'a WorkDir,
    pub(crate) environment: &'a BTreeMap<OsString, OsString>,
    pub(crate) redactor: &'a Redactor,
}

/// A try that failed before anything was done.
pub(crate) struct Failed {
    pub(crate) failure: TeardownFailure,
    /// How, if another way may do better.
    pub(crate) setback: Option<Setback>,
    /// Whether the CLI may only have missed an `init`.
    pub(crate) uninitialised: bool,
}

/// A failure that no other way would get round.
pub(crate) fn fatal(failure: TeardownFailure) -> Failed {
    Failed {
        failure,
        setback: None,
        uninitialised: false,
    }
}

impl Calls<'_> {
    /// A call that does nothing outside; if it was stopped, that is the end.
    pub(crate) async fn prepared(
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
    pub(crate) async fn call(
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
        if let Err(abort) = self.checkpoints.process_group(running.group()).await {
            running.abandon().await;
            return Err(TeardownFailure::aborted(&abort.0));
        }
        running
            .finish(on_output, self.checkpoints.cancelled())
            .await
            .map_err(|error| TeardownFailure::machine(&error))
    }

    /// The failure of `verb`, which ended as `outcome`; another way may do better.
    pub(crate) fn said_no(&self, kind: FailureKind, verb: &str, outcome: &Outcome) -> Failed {
        let said = self.clean(&plain(&outcome.stderr));
        Failed {
            failure: TeardownFailure::new(kind, format!("`{verb}` failed: {said}"), remedy(&said)),
            setback: Some(Setback::Other),
            uninitialised: false,
        }
    }

    /// What went wrong in the CLI's own words, cleaned; empty if it says nothing.
    pub(crate) fn errors(&self, log: &EventLog, outcome: &Outcome) -> String {
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
    pub(crate) fn clean(&self, text: &str) -> String {
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
pub(crate) fn stopped_early(stopped: Stopped, what: &str) -> TeardownFailure {
    match stopped {
        Stopped::Cancelled => TeardownFailure::new(
            FailureKind::Cancelled,
            format!("it was stopped; {what}"),
            "no action needed: the next sweep retries",
        ),
        Stopped::TimedOut => TeardownFailure::new(
            FailureKind::TimedOut,
            format!("it exceeded its time limit; {what}"),
            "raise `terraform_timeout` if the environment needs longer; the next sweep retries",
        ),
    }
}

pub(crate) fn words(all: &[&str]) -> Vec<OsString> {
    all.iter().map(OsString::from).collect()
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
pub(crate) fn plain(text: &str) -> String {
    text.split(|character: char| character.is_whitespace() || "╷│╵".contains(character))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
