//! The stored form of an environment's lifecycle: living, being destroyed, stuck, destroyed or released.

use serde::{Deserialize, Serialize};

use super::{identity::IdentityV1, time::instant};
use crate::{
    clock::to_millis,
    environment::{Evidence, Lifecycle, Stuck, Teardown, TeardownStep},
    fact::Cause,
    id::Fence,
};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum LifecycleV1 {
    Living,
    Destroying(TeardownV1),
    Stuck(StuckV1),
    Destroyed(DestroyedV1),
    Released(ReleasedV1),
}

#[derive(Serialize, Deserialize)]
pub(super) struct TeardownV1 {
    operation: String,
    fence: u64,
    since_ms: i64,
    step: String,
    instances: u64,
    #[serde(deserialize_with = "Option::deserialize")]
    inventory: Option<String>,
    host: String,
    #[serde(deserialize_with = "Option::deserialize")]
    work_dir: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    process_group: Option<i32>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StuckV1 {
    since_ms: i64,
    passes: u32,
    #[serde(deserialize_with = "Option::deserialize")]
    instances: Option<u64>,
    #[serde(deserialize_with = "Option::deserialize")]
    inventory: Option<String>,
    reason: String,
    remedy: String,
    retry_at_ms: i64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DestroyedV1 {
    at_ms: i64,
    evidence: EvidenceV1,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EvidenceV1 {
    lineage: String,
    serial_before: u64,
    serial_after: u64,
    deleted: Vec<String>,
    strategy: String,
    #[serde(deserialize_with = "Option::deserialize")]
    events_sha256: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReleasedV1 {
    at_ms: i64,
    by: IdentityV1,
    reason: String,
}

impl LifecycleV1 {
    pub(super) fn from_core(lifecycle: &Lifecycle) -> Self {
        match lifecycle {
            Lifecycle::Living => Self::Living,
            Lifecycle::Destroying(teardown) => Self::Destroying(TeardownV1 {
                operation: teardown.operation.clone(),
                fence: teardown.fence.0,
                since_ms: to_millis(teardown.since),
                step: teardown.step.as_str().to_owned(),
                instances: teardown.instances,
                inventory: teardown.inventory.clone(),
                host: teardown.host.clone(),
                work_dir: teardown.work_dir.clone(),
                process_group: teardown.process_group,
            }),
            Lifecycle::Stuck(stuck) => Self::Stuck(StuckV1 {
                since_ms: to_millis(stuck.since),
                passes: stuck.passes,
                instances: stuck.instances,
                inventory: stuck.inventory.clone(),
                reason: stuck.reason.clone(),
                remedy: stuck.remedy.clone(),
                retry_at_ms: to_millis(stuck.retry_at),
            }),
            Lifecycle::Destroyed { at, evidence } => Self::Destroyed(DestroyedV1 {
                at_ms: to_millis(*at),
                evidence: EvidenceV1 {
                    lineage: evidence.lineage.clone(),
                    serial_before: evidence.serial_before,
                    serial_after: evidence.serial_after,
                    deleted: evidence.deleted.clone(),
                    strategy: evidence.strategy.clone(),
                    events_sha256: evidence.events_sha256.clone(),
                },
            }),
            Lifecycle::Released { at, by, reason } => Self::Released(ReleasedV1 {
                at_ms: to_millis(*at),
                by: IdentityV1::from_core(by),
                reason: reason.clone(),
            }),
        }
    }

    pub(super) fn into_core(self) -> Result<Lifecycle, Cause> {
        Ok(match self {
            Self::Living => Lifecycle::Living,
            Self::Destroying(teardown) => Lifecycle::Destroying(Teardown {
                operation: teardown.operation,
                fence: Fence(teardown.fence),
                since: instant("course.since_ms", teardown.since_ms)?,
                step: step(&teardown.step)?,
                instances: teardown.instances,
                inventory: teardown.inventory,
                host: teardown.host,
                work_dir: teardown.work_dir,
                process_group: teardown.process_group,
            }),
            Self::Stuck(stuck) => Lifecycle::Stuck(Stuck {
                since: instant("course.since_ms", stuck.since_ms)?,
                passes: stuck.passes,
                instances: stuck.instances,
                inventory: stuck.inventory,
                reason: stuck.reason,
                remedy: stuck.remedy,
                retry_at: instant("course.retry_at_ms", stuck.retry_at_ms)?,
            }),
            Self::Destroyed(destroyed) => Lifecycle::Destroyed {
                at: instant("course.at_ms", destroyed.at_ms)?,
                evidence: destroyed.evidence.into_core(),
            },
            Self::Released(released) => Lifecycle::Released {
                at: instant("course.at_ms", released.at_ms)?,
                by: released.by.into_core()?,
                reason: released.reason,
            },
        })
    }
}

impl EvidenceV1 {
    fn into_core(self) -> Evidence {
        Evidence {
            lineage: self.lineage,
            serial_before: self.serial_before,
            serial_after: self.serial_after,
            deleted: self.deleted,
            strategy: self.strategy,
            events_sha256: self.events_sha256,
        }
    }
}

fn step(word: &str) -> Result<TeardownStep, Cause> {
    TeardownStep::ALL
        .into_iter()
        .find(|step| step.as_str() == word)
        .ok_or_else(|| {
            Cause(format!(
                "`{word}` is not a step of a teardown; for example `planning`"
            ))
        })
}
