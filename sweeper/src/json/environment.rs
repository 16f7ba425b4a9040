//! An environment in JSON.

use std::collections::BTreeMap;

use ledger::{
    book::Claim,
    change_request::ChangeRequest,
    clock::Timestamp,
    environment::{Capture, Environment, Hold},
    id::Revision,
    lifetime::Lifetime,
    phase::phase,
    state_address::StateAddress,
};
use serde::Serialize;

use super::{ClaimJson, IdentityJson, instant, lifecycle::LifecycleJson};

/// One generation of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnvironmentJson {
    /// Unique for ever.
    pub id: String,
    /// Unique among the living.
    pub name: String,
    /// Which life of the name.
    pub generation: u64,
    /// One more at each write.
    pub revision: u64,
    /// Where it is in its life.
    pub phase: &'static str,
    /// Who answers for it.
    pub owner: String,
    /// Their team.
    pub team: Option<String>,
    /// What it belongs to.
    pub project: Option<String>,
    /// The tags people declared.
    pub tags: BTreeMap<String, String>,
    /// Who created it.
    pub created_by: IdentityJson,
    /// The change request it was made for.
    pub change_request: Option<ChangeRequestJson>,
    /// How long it may live.
    pub lifetime: LifetimeJson,
    /// When it was created.
    pub created_at: String,
    /// When its time was last set back to full.
    pub renewed_at: String,
    /// The end of an extension.
    pub extended_until: Option<String>,
    /// When it expires.
    pub expires_at: String,
    /// When it may be destroyed.
    pub due_at: String,
    /// The end nothing passes.
    pub hard_expires_at: String,
    /// `destroy` or `review`.
    pub on_expiry: &'static str,
    /// Whether it should run.
    pub running: bool,
    /// A hold, over or not.
    pub hold: Option<HoldJson>,
    /// Where its state is.
    pub state: Option<StateJson>,
    /// What was copied for its destroy.
    pub capture: Option<CaptureJson>,
    /// How far its life has come.
    #[serde(rename = "course")]
    pub lifecycle: LifecycleJson,
    /// The last claim.
    pub claim: Option<ClaimJson>,
}

impl EnvironmentJson {
    /// `environment` as it stands at `now`.
    #[must_use]
    pub fn of(
        environment: &Environment,
        revision: Revision,
        claim: Option<&Claim>,
        now: Timestamp,
    ) -> Self {
        Self {
            id: environment.id.to_string(),
            name: environment.name.to_string(),
            generation: environment.generation.get(),
            revision: revision.0,
            phase: phase(environment, None, now).as_str(),
            owner: environment.owner.clone(),
            team: environment.team.clone(),
            project: environment.project.clone(),
            tags: environment.tags.clone(),
            created_by: (&environment.created_by).into(),
            change_request: environment.change_request.as_ref().map(Into::into),
            lifetime: (&environment.lifetime).into(),
            created_at: instant(environment.created_at),
            renewed_at: instant(environment.renewed_at),
            extended_until: environment.extended_until.map(instant),
            expires_at: instant(environment.expires_at()),
            due_at: instant(environment.due_at()),
            hard_expires_at: instant(environment.hard_expires_at()),
            on_expiry: environment.on_expiry.as_str(),
            running: environment.running,
            hold: environment
                .hold
                .as_ref()
                .map(|hold| HoldJson::of(hold, now)),
            state: environment
                .state
                .as_ref()
                .map(|address| StateJson::of(address, environment)),
            capture: environment.capture.as_ref().map(Into::into),
            lifecycle: (&environment.lifecycle).into(),
            claim: claim.map(|claim| ClaimJson::of(claim, now)),
        }
    }
}

/// A pull or merge request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeRequestJson {
    /// `github`, `gitlab` or `bitbucket`.
    pub forge: &'static str,
    /// `owner/name`.
    pub repository: String,
    /// Its number.
    pub number: u64,
}

impl From<&ChangeRequest> for ChangeRequestJson {
    fn from(request: &ChangeRequest) -> Self {
        Self {
            forge: request.forge.as_str(),
            repository: request.repository.clone(),
            number: request.number,
        }
    }
}

/// A lifetime, as declared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LifetimeJson {
    /// From the last renewal to expiry.
    pub ttl: String,
    /// From creation to the hard end.
    pub max: String,
    /// From the last use to expiry.
    pub idle: String,
    /// From the last use to hibernation.
    pub hibernate_after: String,
    /// From expiry to destruction.
    pub grace: String,
}

impl From<&Lifetime> for LifetimeJson {
    fn from(lifetime: &Lifetime) -> Self {
        Self {
            ttl: lifetime.ttl.spelling().to_owned(),
            max: lifetime.max.spelling().to_owned(),
            idle: lifetime.idle.spelling().to_owned(),
            hibernate_after: lifetime.hibernate_after.spelling().to_owned(),
            grace: lifetime.grace.spelling().to_owned(),
        }
    }
}

/// A person's word that nothing may happen to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HoldJson {
    /// Who said so.
    pub by: IdentityJson,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// Until when; `null` until it is lifted.
    pub until: Option<String>,
    /// Whether it holds now.
    pub holds: bool,
}

impl HoldJson {
    fn of(hold: &Hold, now: Timestamp) -> Self {
        Self {
            by: (&hold.by).into(),
            reason: hold.reason.clone(),
            since: instant(hold.since),
            until: hold.until.map(instant),
            holds: hold.holds(now),
        }
    }
}

/// Where a state is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateJson {
    /// `local`, `s3`, …
    pub backend: String,
    /// Settings that say where.
    pub settings: BTreeMap<String, String>,
    /// The workspace.
    pub workspace: String,
    /// All of it in one text.
    pub address: String,
    /// Its lineage, once a sweep has seen it.
    pub lineage: Option<String>,
    /// When a sweep first saw the marker in it.
    pub marker_seen_at: Option<String>,
}

impl StateJson {
    fn of(address: &StateAddress, environment: &Environment) -> Self {
        Self {
            backend: address.backend.clone(),
            settings: address.settings.clone(),
            workspace: address.workspace.clone(),
            address: address.to_string(),
            lineage: environment.lineage.clone(),
            marker_seen_at: environment.marker_seen_at.map(instant),
        }
    }
}

/// What was copied for a destroy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaptureJson {
    /// The SHA-256 of the capsule in the ledger.
    pub capsule: Option<String>,
    /// When it was taken.
    pub at: String,
    /// `terraform` or `tofu`.
    #[serde(rename = "engine")]
    pub cli: String,
    /// Addresses that are protected.
    pub prevent_destroy: Vec<String>,
    /// Addresses with provisioners that run at destroy.
    pub destroy_provisioners: Vec<String>,
    /// What could not be copied or read.
    pub gaps: Vec<String>,
}

impl From<&Capture> for CaptureJson {
    fn from(capture: &Capture) -> Self {
        Self {
            capsule: capture.capsule.clone(),
            at: instant(capture.at),
            cli: capture.cli.clone(),
            prevent_destroy: capture.prevent_destroy.clone(),
            destroy_provisioners: capture.destroy_provisioners.clone(),
            gaps: capture.gaps.clone(),
        }
    }
}
