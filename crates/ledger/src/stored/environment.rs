//! The stored form of an environment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Form,
    identity::IdentityV1,
    lifecycle::LifecycleV1,
    state_address::StateAddressV1,
    time::{duration, instant, instant_if_any, millis_if_any},
};
use crate::{
    change_request::ChangeRequest,
    clock::to_millis,
    environment::{Capture, Environment, Hold, OnExpiry},
    fact::Cause,
    id::{EnvironmentId, EnvironmentName, Generation},
    lifetime::Lifetime,
    tags::TagPrefix,
};

#[derive(Serialize, Deserialize)]
pub(super) struct EnvironmentV1 {
    kind: String,
    version: u64,
    id: String,
    name: String,
    generation: u64,
    owner: String,
    #[serde(deserialize_with = "Option::deserialize")]
    team: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    project: Option<String>,
    lifetime: LifetimeV1,
    tags: BTreeMap<String, String>,
    tag_prefix: String,
    created_by: IdentityV1,
    #[serde(deserialize_with = "Option::deserialize")]
    change_request: Option<ChangeRequestV1>,
    #[serde(deserialize_with = "Option::deserialize")]
    state: Option<StateAddressV1>,
    on_expiry: String,
    created_at_ms: i64,
    renewed_at_ms: i64,
    #[serde(deserialize_with = "Option::deserialize")]
    extended_until_ms: Option<i64>,
    #[serde(deserialize_with = "Option::deserialize")]
    hold: Option<HoldV1>,
    #[serde(deserialize_with = "Option::deserialize")]
    capture: Option<CaptureV1>,
    #[serde(deserialize_with = "Option::deserialize")]
    lineage: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    marker_seen_at_ms: Option<i64>,
    running: bool,
    #[serde(rename = "course")]
    lifecycle: LifecycleV1,
}

#[derive(Serialize, Deserialize)]
struct LifetimeV1 {
    ttl: String,
    max: String,
    idle: String,
    hibernate_after: String,
    grace: String,
}

#[derive(Serialize, Deserialize)]
struct ChangeRequestV1 {
    forge: String,
    repository: String,
    number: u64,
}

#[derive(Serialize, Deserialize)]
struct HoldV1 {
    by: IdentityV1,
    reason: String,
    since_ms: i64,
    #[serde(deserialize_with = "Option::deserialize")]
    until_ms: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct CaptureV1 {
    #[serde(deserialize_with = "Option::deserialize")]
    capsule: Option<String>,
    at_ms: i64,
    #[serde(rename = "engine")]
    cli: String,
    prevent_destroy: Vec<String>,
    destroy_provisioners: Vec<String>,
    gaps: Vec<String>,
}

impl Form for EnvironmentV1 {
    type Core = Environment;
    const KIND: &'static str = "environment";
    const VERSION: u64 = 1;

    fn from_core(environment: &Environment) -> Self {
        Self {
            kind: Self::KIND.to_owned(),
            version: Self::VERSION,
            id: environment.id.as_str().to_owned(),
            name: environment.name.as_str().to_owned(),
            generation: environment.generation.get(),
            owner: environment.owner.clone(),
            team: environment.team.clone(),
            project: environment.project.clone(),
            lifetime: LifetimeV1::from_core(&environment.lifetime),
            tags: environment.tags.clone(),
            tag_prefix: environment.tag_prefix.as_str().to_owned(),
            created_by: IdentityV1::from_core(&environment.created_by),
            change_request: environment
                .change_request
                .as_ref()
                .map(ChangeRequestV1::from_core),
            state: environment.state.as_ref().map(StateAddressV1::from_core),
            on_expiry: environment.on_expiry.as_str().to_owned(),
            created_at_ms: to_millis(environment.created_at),
            renewed_at_ms: to_millis(environment.renewed_at),
            extended_until_ms: millis_if_any(environment.extended_until),
            hold: environment.hold.as_ref().map(HoldV1::from_core),
            capture: environment.capture.as_ref().map(CaptureV1::from_core),
            lineage: environment.lineage.clone(),
            marker_seen_at_ms: millis_if_any(environment.marker_seen_at),
            running: environment.running,
            lifecycle: LifecycleV1::from_core(&environment.lifecycle),
        }
    }

    fn into_core(self) -> Result<Environment, Cause> {
        Ok(Environment {
            id: EnvironmentId::parse(&self.id).map_err(|error| Cause(error.to_string()))?,
            name: EnvironmentName::parse(&self.name).map_err(|error| Cause(error.to_string()))?,
            generation: Generation::new(self.generation).ok_or_else(|| {
                Cause("`generation` is 0; generations are counted from 1".to_owned())
            })?,
            owner: self.owner,
            team: self.team,
            project: self.project,
            lifetime: self.lifetime.into_core()?,
            tags: self.tags,
            // Which clouds' rules the prefix had to keep was checked when it was configured.
            tag_prefix: TagPrefix::parse(&self.tag_prefix, &[])
                .map_err(|error| Cause(format!("`tag_prefix`: {error}")))?,
            created_by: self.created_by.into_core()?,
            change_request: self
                .change_request
                .map(ChangeRequestV1::into_core)
                .transpose()?,
            state: self.state.map(StateAddressV1::into_core),
            on_expiry: OnExpiry::parse(&self.on_expiry).ok_or_else(|| {
                Cause(format!(
                    "`on_expiry` is `{}`; expected `destroy` or `review`",
                    self.on_expiry
                ))
            })?,
            created_at: instant("created_at_ms", self.created_at_ms)?,
            renewed_at: instant("renewed_at_ms", self.renewed_at_ms)?,
            extended_until: instant_if_any("extended_until_ms", self.extended_until_ms)?,
            hold: self.hold.map(HoldV1::into_core).transpose()?,
            capture: self.capture.map(CaptureV1::into_core).transpose()?,
            lineage: self.lineage,
            marker_seen_at: instant_if_any("marker_seen_at_ms", self.marker_seen_at_ms)?,
            running: self.running,
            lifecycle: self.lifecycle.into_core()?,
        })
    }
}

impl LifetimeV1 {
    fn from_core(lifetime: &Lifetime) -> Self {
        Self {
            ttl: lifetime.ttl.spelling().to_owned(),
            max: lifetime.max.spelling().to_owned(),
            idle: lifetime.idle.spelling().to_owned(),
            hibernate_after: lifetime.hibernate_after.spelling().to_owned(),
            grace: lifetime.grace.spelling().to_owned(),
        }
    }

    fn into_core(self) -> Result<Lifetime, Cause> {
        Ok(Lifetime {
            ttl: duration("lifetime.ttl", &self.ttl)?,
            max: duration("lifetime.max", &self.max)?,
            idle: duration("lifetime.idle", &self.idle)?,
            hibernate_after: duration("lifetime.hibernate_after", &self.hibernate_after)?,
            grace: duration("lifetime.grace", &self.grace)?,
        })
    }
}

impl ChangeRequestV1 {
    fn from_core(request: &ChangeRequest) -> Self {
        Self {
            forge: request.forge.as_str().to_owned(),
            repository: request.repository.clone(),
            number: request.number,
        }
    }

    fn into_core(self) -> Result<ChangeRequest, Cause> {
        Ok(ChangeRequest {
            forge: ChangeRequest::parse_forge(&self.forge)
                .map_err(|error| Cause(format!("`change_request.forge`: {error}")))?,
            repository: self.repository,
            number: self.number,
        })
    }
}

impl HoldV1 {
    fn from_core(hold: &Hold) -> Self {
        Self {
            by: IdentityV1::from_core(&hold.by),
            reason: hold.reason.clone(),
            since_ms: to_millis(hold.since),
            until_ms: millis_if_any(hold.until),
        }
    }

    fn into_core(self) -> Result<Hold, Cause> {
        Ok(Hold {
            by: self.by.into_core()?,
            reason: self.reason,
            since: instant("hold.since_ms", self.since_ms)?,
            until: instant_if_any("hold.until_ms", self.until_ms)?,
        })
    }
}

impl CaptureV1 {
    fn from_core(capture: &Capture) -> Self {
        Self {
            capsule: capture.capsule.clone(),
            at_ms: to_millis(capture.at),
            cli: capture.cli.clone(),
            prevent_destroy: capture.prevent_destroy.clone(),
            destroy_provisioners: capture.destroy_provisioners.clone(),
            gaps: capture.gaps.clone(),
        }
    }

    fn into_core(self) -> Result<Capture, Cause> {
        Ok(Capture {
            capsule: self.capsule,
            at: instant("capture.at_ms", self.at_ms)?,
            cli: self.cli,
            prevent_destroy: self.prevent_destroy,
            destroy_provisioners: self.destroy_provisioners,
            gaps: self.gaps,
        })
    }
}
