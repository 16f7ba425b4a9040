//! A run of Terraform in JSON. Never its token, nor the hash of it.

use std::collections::BTreeMap;

use ledger::{
    clock::Timestamp,
    run::{Life, Run},
};
use serde::Serialize;

use super::{IdentityJson, instant};

/// A run of Terraform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunJson {
    /// Unique for ever.
    pub id: String,
    /// `alive`, `closed` or `dead`.
    pub life: &'static str,
    /// The id or name of the environment it says it works on.
    pub environment: Option<String>,
    /// The state it works on, in one text.
    pub state: Option<String>,
    /// What was started.
    pub command: Option<String>,
    /// Who started it.
    pub opened_by: IdentityJson,
    /// The host it runs on.
    pub host: String,
    /// The address of the CI job it is.
    pub ci_job: Option<String>,
    /// What its configuration wanted remembered.
    pub labels: BTreeMap<String, String>,
    /// From one renewal to the instant at which a missed next one means death.
    pub ttl: String,
    /// When it was opened.
    pub opened_at: String,
    /// Its last renewal.
    pub renewed_at: String,
    /// Until when that counts.
    pub alive_until: String,
    /// When it was interrupted.
    pub interrupted_at: Option<String>,
    /// When its lease was closed, or since when it is dead; `null` while it is alive.
    pub over_since: Option<String>,
    /// The token of the sweeper's claim whose teardown it is part of.
    pub fence: Option<u64>,
    /// Whether a later run of the same place has ended too, so that this one tells nothing more.
    pub superseded: bool,
}

impl RunJson {
    /// `run` as it stands at `now`.
    #[must_use]
    pub fn of(run: &Run, now: Timestamp) -> Self {
        let life = run.life(now);
        Self {
            id: run.id.to_string(),
            life: life.as_str(),
            environment: run.environment.clone(),
            state: run.state.as_ref().map(ToString::to_string),
            command: run.command.clone(),
            opened_by: (&run.opened_by).into(),
            host: run.host.clone(),
            ci_job: run.ci_job.clone(),
            labels: run.labels.clone(),
            ttl: run.ttl.spelling().to_owned(),
            opened_at: instant(run.opened_at),
            renewed_at: instant(run.renewed_at),
            alive_until: instant(run.alive_until()),
            interrupted_at: run.interrupted_at.map(instant),
            over_since: match life {
                Life::Alive { .. } => None,
                Life::Closed { at } | Life::Dead { since: at } => Some(instant(at)),
            },
            fence: run.fence.map(|fence| fence.0),
            superseded: run.superseded,
        }
    }
}
