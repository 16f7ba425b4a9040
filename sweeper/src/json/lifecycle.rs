//! How far the life of an environment has come, in JSON. `kind` says which of the others are there.

use ledger::environment::{Evidence, Lifecycle};
use serde::Serialize;

use super::{IdentityJson, instant};

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LifecycleJson {
    /// It lives.
    Living,
    /// A sweeper is at work, or died at it.
    Destroying {
        /// The operation.
        operation: String,
        /// The claim it runs under.
        fence: u64,
        /// Since when.
        since: String,
        /// The last step begun.
        step: &'static str,
        /// Where terraform works.
        work_dir: Option<String>,
    },
    /// A teardown failed and will be tried again.
    Stuck {
        /// Since when.
        since: String,
        /// How often it was tried.
        passes: u32,
        /// Managed instances left.
        instances: Option<u64>,
        /// What was found.
        reason: String,
        /// What a person can do.
        remedy: String,
        /// When it is tried again.
        retry_at: String,
    },
    /// It is gone, with proof.
    Destroyed {
        /// When the proof was read.
        at: String,
        /// The proof.
        evidence: EvidenceJson,
    },
    /// It was given back.
    Released {
        /// When.
        at: String,
        /// By whom.
        by: IdentityJson,
        /// Why.
        reason: String,
    },
}

impl From<&Lifecycle> for LifecycleJson {
    fn from(lifecycle: &Lifecycle) -> Self {
        match lifecycle {
            Lifecycle::Living => Self::Living,
            Lifecycle::Destroying(teardown) => Self::Destroying {
                operation: teardown.operation.clone(),
                fence: teardown.fence.0,
                since: instant(teardown.since),
                step: teardown.step.as_str(),
                work_dir: teardown.work_dir.clone(),
            },
            Lifecycle::Stuck(stuck) => Self::Stuck {
                since: instant(stuck.since),
                passes: stuck.passes,
                instances: stuck.instances,
                reason: stuck.reason.clone(),
                remedy: stuck.remedy.clone(),
                retry_at: instant(stuck.retry_at),
            },
            Lifecycle::Destroyed { at, evidence } => Self::Destroyed {
                at: instant(*at),
                evidence: evidence.into(),
            },
            Lifecycle::Released { at, by, reason } => Self::Released {
                at: instant(*at),
                by: by.into(),
                reason: reason.clone(),
            },
        }
    }
}

/// The proof that nothing is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceJson {
    /// The lineage before and after.
    pub lineage: String,
    /// The serial before.
    pub serial_before: u64,
    /// The serial afterwards.
    pub serial_after: u64,
    /// What was deleted.
    pub deleted: Vec<String>,
    /// How.
    pub strategy: String,
    /// The SHA-256 of terraform's event stream.
    pub events_sha256: Option<String>,
}

impl From<&Evidence> for EvidenceJson {
    fn from(evidence: &Evidence) -> Self {
        Self {
            lineage: evidence.lineage.clone(),
            serial_before: evidence.serial_before,
            serial_after: evidence.serial_after,
            deleted: evidence.deleted.clone(),
            strategy: evidence.strategy.clone(),
            events_sha256: evidence.events_sha256.clone(),
        }
    }
}
