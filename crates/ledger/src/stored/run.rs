//! The stored form of a run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Form,
    identity::IdentityV1,
    state_address::StateAddressV1,
    time::{duration, instant, instant_if_any, millis_if_any},
};
use crate::{
    clock::to_millis,
    fact::Cause,
    id::{Fence, RunId},
    run::{Run, RunEnd},
};

#[derive(Serialize, Deserialize)]
pub(super) struct RunV1 {
    kind: String,
    version: u64,
    id: String,
    token_sha256: String,
    #[serde(deserialize_with = "Option::deserialize")]
    environment: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    state: Option<StateAddressV1>,
    #[serde(deserialize_with = "Option::deserialize")]
    command: Option<String>,
    opened_by: IdentityV1,
    host: String,
    #[serde(deserialize_with = "Option::deserialize")]
    ci_job: Option<String>,
    labels: BTreeMap<String, String>,
    #[serde(deserialize_with = "Option::deserialize")]
    fence: Option<u64>,
    ttl: String,
    opened_at_ms: i64,
    renewed_at_ms: i64,
    #[serde(deserialize_with = "Option::deserialize")]
    interrupted_at_ms: Option<i64>,
    #[serde(deserialize_with = "Option::deserialize")]
    end: Option<RunEndV1>,
    superseded: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RunEndV1 {
    Closed(ClosedV1),
    Died(DiedV1),
}

#[derive(Serialize, Deserialize)]
struct ClosedV1 {
    at_ms: i64,
}

#[derive(Serialize, Deserialize)]
struct DiedV1 {
    at_ms: i64,
    noted_at_ms: i64,
}

impl Form for RunV1 {
    type Core = Run;
    const KIND: &'static str = "run";
    const VERSION: u64 = 1;

    fn from_core(run: &Run) -> Self {
        Self {
            kind: Self::KIND.to_owned(),
            version: Self::VERSION,
            id: run.id.as_str().to_owned(),
            token_sha256: run.token_sha256.clone(),
            environment: run.environment.clone(),
            state: run.state.as_ref().map(StateAddressV1::from_core),
            command: run.command.clone(),
            opened_by: IdentityV1::from_core(&run.opened_by),
            host: run.host.clone(),
            ci_job: run.ci_job.clone(),
            labels: run.labels.clone(),
            fence: run.fence.map(|fence| fence.0),
            ttl: run.ttl.spelling().to_owned(),
            opened_at_ms: to_millis(run.opened_at),
            renewed_at_ms: to_millis(run.renewed_at),
            interrupted_at_ms: millis_if_any(run.interrupted_at),
            end: run.end.as_ref().map(RunEndV1::from_core),
            superseded: run.superseded,
        }
    }

    fn into_core(self) -> Result<Run, Cause> {
        Ok(Run {
            id: RunId::parse(&self.id).map_err(|error| Cause(error.to_string()))?,
            token_sha256: self.token_sha256,
            environment: self.environment,
            state: self.state.map(StateAddressV1::into_core),
            command: self.command,
            opened_by: self.opened_by.into_core()?,
            host: self.host,
            ci_job: self.ci_job,
            labels: self.labels,
            fence: self.fence.map(Fence),
            ttl: duration("ttl", &self.ttl)?,
            opened_at: instant("opened_at_ms", self.opened_at_ms)?,
            renewed_at: instant("renewed_at_ms", self.renewed_at_ms)?,
            interrupted_at: instant_if_any("interrupted_at_ms", self.interrupted_at_ms)?,
            end: self.end.map(RunEndV1::into_core).transpose()?,
            superseded: self.superseded,
        })
    }
}

impl RunEndV1 {
    fn from_core(end: &RunEnd) -> Self {
        match *end {
            RunEnd::Closed { at } => Self::Closed(ClosedV1 {
                at_ms: to_millis(at),
            }),
            RunEnd::Died { at, noted_at } => Self::Died(DiedV1 {
                at_ms: to_millis(at),
                noted_at_ms: to_millis(noted_at),
            }),
        }
    }

    fn into_core(self) -> Result<RunEnd, Cause> {
        Ok(match self {
            Self::Closed(closed) => RunEnd::Closed {
                at: instant("end.closed.at_ms", closed.at_ms)?,
            },
            Self::Died(died) => RunEnd::Died {
                at: instant("end.died.at_ms", died.at_ms)?,
                noted_at: instant("end.died.noted_at_ms", died.noted_at_ms)?,
            },
        })
    }
}
