//! The ways open to destroy one state, each with its configuration ready or with what stands in its way. Pure.

use std::collections::BTreeMap;

use backend::StateDoc;
use serde_json::Value;

use super::{
    capsule_replay::{Replay, replay},
    failure::{FailureKind, TeardownFailure},
    generated_root::{GeneratedRoot, Sources, generate},
    job::TeardownJob,
    strategy::{Setback, Situation, Strategy, choose},
};

/// The ways in which a state could be destroyed.
pub(super) struct Ways<'a> {
    job: &'a TeardownJob,
    managed: u64,
    state_only: Result<GeneratedRoot, Vec<String>>,
    capsule: Result<Replay, Vec<String>>,
}

impl<'a> Ways<'a> {
    /// The ways for `state`; an error if its backend is not known.
    pub(super) fn of(job: &'a TeardownJob, state: &StateDoc) -> Result<Self, TeardownFailure> {
        let backend = backend(job)?;
        let state_only = generate(&Sources {
            state,
            capsule: job.capsule.as_ref(),
            templates: &job.provider_templates,
            cli: job.cli.kind,
            backend: &backend,
        });
        let capsule = match &job.capsule {
            Some(capsule) => replay(capsule, job.cli.kind, &backend),
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

    /// The next way to try after `setbacks`.
    pub(super) fn choose(
        &self,
        setbacks: &[(Strategy, Setback)],
    ) -> Result<Strategy, TeardownFailure> {
        let capture = self.job.capture.as_ref();
        choose(&Situation {
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
                format!("no way to destroy it: {}", obstacles.join("; ")),
                "remove one of the obstacles above",
            )
        })
    }

    /// The configuration of one way.
    pub(super) fn files(&self, strategy: Strategy) -> Vec<(&str, &[u8])> {
        match strategy {
            Strategy::StateOnly { .. } => self.state_only.as_ref().ok().map(|root| &root.files),
            Strategy::Capsule { .. } => self.capsule.as_ref().ok().map(|replay| &replay.files),
            Strategy::Empty => None,
        }
        .map(listed)
        .unwrap_or_default()
    }

    /// What Terraform's data directory has to hold before `init`.
    pub(super) fn data(&self, strategy: Strategy) -> Vec<(&str, &[u8])> {
        match (strategy, &self.capsule) {
            (Strategy::Capsule { .. }, Ok(replay)) => listed(&replay.data),
            _ => Vec::new(),
        }
    }
}

fn listed(files: &BTreeMap<String, Vec<u8>>) -> Vec<(&str, &[u8])> {
    files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect()
}

/// The backend of a root: exactly the address, nothing from any configuration.
pub(crate) fn backend(job: &TeardownJob) -> Result<Value, TeardownFailure> {
    let configuration = backend::of(&job.address).configuration(&job.address);
    configuration.map_err(|error| {
        TeardownFailure::new(FailureKind::Refused, error.to_string(), error.remedy())
    })
}
