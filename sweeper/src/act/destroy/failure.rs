//! A teardown that did not come to its end: what kind, why, and what a person can do.

use std::path::{Path, PathBuf};

use ledger::fact::LockFact;
use thiserror::Error;

use super::checks::{MOST_SHOWN, Violation};

/// What kind of failure it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureKind {
    /// The state or the record forbids it. Nothing was done.
    Refused,
    /// The state could not be read. Nothing was done.
    Unreadable,
    /// The state's lock is held. Nothing was done.
    LockHeld(Box<LockFact>),
    /// No way to destroy it is open. Nothing was done.
    NoStrategy,
    /// `init` failed. Nothing was done.
    InitFailed,
    /// `plan` failed. Nothing was done.
    PlanFailed,
    /// The plan would do something else than it must. Nothing was done.
    ChecksFailed(Vec<Violation>),
    /// The caller took it back before anything was done, or lost its claim.
    Aborted,
    /// `apply` failed; some objects may be deleted.
    ApplyFailed,
    /// Terraform says that it is done, and the fresh read does not prove it.
    NotProven,
    /// The caller stopped it.
    Cancelled,
    /// Its time was up.
    TimedOut,
    /// A state that was kept could not be pushed back. Nothing was deleted.
    PushFailed,
    /// This machine failed: a process could not be started, a file not be written.
    Machine,
}

/// What an `apply` did that did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartlyDone {
    /// What it deleted, as its events and a fresh read prove it; `None` without such a read.
    pub deleted: Option<Vec<String>>,
    /// The SHA-256 of its event stream.
    pub events_sha256: Option<String>,
}

/// A teardown that did not come to its end. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct TeardownFailure {
    /// What kind.
    pub kind: FailureKind,
    /// What was found.
    pub reason: String,
    /// What a person can do.
    pub remedy: String,
    /// Managed objects left at the last read; `None` without one.
    pub instances_left: Option<u64>,
    /// What was done nevertheless; `None` if `apply` did not run.
    pub done: Option<Box<PartlyDone>>,
    /// Where the state is that terraform could not save. The only copy.
    pub kept_state: Option<Box<Path>>,
    /// The work directory, if it had to be left behind.
    pub work_dir: Option<Box<PathBuf>>,
}

impl TeardownFailure {
    /// A failure that left nothing behind.
    #[must_use]
    pub fn new(kind: FailureKind, reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            reason: reason.into(),
            remedy: remedy.into(),
            instances_left: None,
            done: None,
            kept_state: None,
            work_dir: None,
        }
    }

    /// The same with a count of what is left.
    #[must_use]
    pub fn with_left(mut self, left: Option<u64>) -> Self {
        self.instances_left = left;
        self
    }

    /// This machine failed at `error`.
    #[must_use]
    pub fn machine(error: &dyn std::error::Error) -> Self {
        Self::new(
            FailureKind::Machine,
            error.to_string(),
            "check the disk space, the limits and the paths of the machine the sweeper runs on",
        )
    }

    /// The caller took it back because of `reason`.
    #[must_use]
    pub fn aborted(reason: &str) -> Self {
        Self::new(
            FailureKind::Aborted,
            reason,
            "no action needed unless it happens again: the next sweep decides anew",
        )
    }

    /// The lock is held.
    #[must_use]
    pub fn lock_held(lock: LockFact) -> Self {
        let since = lock
            .since
            .map(|since| format!(" since {}", ledger::clock::rfc3339(since)))
            .unwrap_or_default();
        let reason = format!(
            "the state is locked by {}{since} ({})",
            lock.who, lock.operation
        );
        Self::new(
            FailureKind::LockHeld(Box::new(lock)),
            reason,
            "wait until the lock is released; the next sweep retries",
        )
    }

    /// The plan broke `violations`.
    #[must_use]
    pub fn checks(violations: Vec<Violation>) -> Self {
        let shown: Vec<String> = violations
            .iter()
            .take(MOST_SHOWN)
            .map(ToString::to_string)
            .collect();
        let more = violations.len().saturating_sub(MOST_SHOWN);
        let more = if 0 < more {
            format!("; and {more} more")
        } else {
            String::new()
        };
        let remedy = match violations.first() {
            Some(Violation::Vanished { .. }) => {
                "check that the provider uses the right account and region; if the objects are really gone, run \
                 `terraform apply -refresh-only` where the environment is applied, or `terraform state rm` for each"
            }
            Some(Violation::Moved { .. }) => {
                "no action needed: the next sweep decides on the state as it is now"
            }
            _ => "look at the plan with `terraform plan -destroy` where the environment is applied",
        };
        let reason = format!("{}{more}", shown.join("; "));
        Self::new(FailureKind::ChecksFailed(violations), reason, remedy)
    }
}
