//! The stored form of each kind of record, member by member. Knows neither the head of a record nor how it is kept.

use std::collections::{BTreeMap, BTreeSet};

use chrono::serde::{ts_milliseconds as instant, ts_milliseconds_option as instant_if_any};
use serde::{Deserialize, Serialize};

use super::fields::{
    FenceV1, IdentityV1, environment_id, environment_ids, environment_name, fence_if_any,
    generation, lease_id, optional, run_id, scope_name, state_if_any, tag_prefix, ttl, ttl_if_any,
};
use crate::{
    change_request::{ChangeRequest, Forge},
    clock::Timestamp,
    environment::{Capture, Environment, Hold, Lifecycle, OnExpiry},
    environment::{Evidence, Stuck, Teardown, TeardownStep},
    id::{EnvironmentId, EnvironmentName, Fence, Generation, LeaseId, RunId, ScopeName},
    identity::Identity,
    lease::{Lease, LeaseRelease},
    lifetime::Lifetime,
    record::Record,
    run::{Run, RunEnd},
    scope::Scope,
    state_address::StateAddress,
    tags::TagPrefix,
    ttl::Ttl,
};

#[expect(
    clippy::large_enum_variant,
    reason = "as the record, which it spells out"
)]
#[derive(Serialize)]
#[serde(remote = "Record", untagged)]
pub(super) enum RecordV1 {
    Environment(#[serde(with = "EnvironmentV1")] Environment),
    Lease(#[serde(with = "LeaseV1")] Lease),
    Scope(#[serde(with = "ScopeV1")] Scope),
    Run(#[serde(with = "RunV1")] Run),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Environment")]
pub(super) struct EnvironmentV1 {
    #[serde(with = "environment_id")]
    id: EnvironmentId,
    #[serde(with = "environment_name")]
    name: EnvironmentName,
    #[serde(with = "generation")]
    generation: Generation,
    owner: String,
    #[serde(deserialize_with = "Option::deserialize")]
    team: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    project: Option<String>,
    #[serde(with = "LifetimeV1")]
    lifetime: Lifetime,
    tags: BTreeMap<String, String>,
    #[serde(with = "tag_prefix")]
    tag_prefix: TagPrefix,
    #[serde(with = "IdentityV1")]
    created_by: Identity,
    #[serde(with = "change_request_if_any")]
    change_request: Option<ChangeRequest>,
    #[serde(with = "state_if_any")]
    state: Option<StateAddress>,
    #[serde(with = "OnExpiryV1")]
    on_expiry: OnExpiry,
    #[serde(rename = "created_at_ms", with = "instant")]
    created_at: Timestamp,
    #[serde(rename = "renewed_at_ms", with = "instant")]
    renewed_at: Timestamp,
    #[serde(rename = "extended_until_ms", with = "instant_if_any")]
    extended_until: Option<Timestamp>,
    #[serde(with = "hold_if_any")]
    hold: Option<Hold>,
    #[serde(with = "capture_if_any")]
    capture: Option<Capture>,
    #[serde(deserialize_with = "Option::deserialize")]
    lineage: Option<String>,
    #[serde(rename = "marker_seen_at_ms", with = "instant_if_any")]
    marker_seen_at: Option<Timestamp>,
    running: bool,
    #[serde(rename = "course", with = "LifecycleV1")]
    lifecycle: Lifecycle,
}

optional!(change_request_if_any: ChangeRequest as "ChangeRequestV1");
optional!(hold_if_any: Hold as "HoldV1");
optional!(capture_if_any: Capture as "CaptureV1");

#[derive(Serialize, Deserialize)]
#[serde(remote = "OnExpiry", rename_all = "kebab-case")]
enum OnExpiryV1 {
    Destroy,
    Review,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Lifetime")]
struct LifetimeV1 {
    #[serde(with = "ttl")]
    ttl: Ttl,
    #[serde(with = "ttl")]
    max: Ttl,
    #[serde(with = "ttl")]
    idle: Ttl,
    #[serde(with = "ttl")]
    hibernate_after: Ttl,
    #[serde(with = "ttl")]
    grace: Ttl,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ChangeRequest")]
struct ChangeRequestV1 {
    #[serde(with = "ForgeV1")]
    forge: Forge,
    repository: String,
    number: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Forge", rename_all = "kebab-case")]
enum ForgeV1 {
    Github,
    Gitlab,
    Bitbucket,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Hold")]
struct HoldV1 {
    #[serde(with = "IdentityV1")]
    by: Identity,
    reason: String,
    #[serde(rename = "since_ms", with = "instant")]
    since: Timestamp,
    #[serde(rename = "until_ms", with = "instant_if_any")]
    until: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Capture")]
struct CaptureV1 {
    #[serde(deserialize_with = "Option::deserialize")]
    capsule: Option<String>,
    #[serde(rename = "at_ms", with = "instant")]
    at: Timestamp,
    #[serde(rename = "engine")]
    cli: String,
    prevent_destroy: Vec<String>,
    destroy_provisioners: Vec<String>,
    gaps: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Lifecycle", rename_all = "snake_case")]
enum LifecycleV1 {
    Living,
    Destroying(#[serde(with = "TeardownV1")] Teardown),
    Stuck(#[serde(with = "StuckV1")] Stuck),
    Destroyed {
        #[serde(rename = "at_ms", with = "instant")]
        at: Timestamp,
        #[serde(with = "EvidenceV1")]
        evidence: Evidence,
    },
    Released {
        #[serde(rename = "at_ms", with = "instant")]
        at: Timestamp,
        #[serde(with = "IdentityV1")]
        by: Identity,
        reason: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Teardown")]
struct TeardownV1 {
    operation: String,
    #[serde(with = "FenceV1")]
    fence: Fence,
    #[serde(rename = "since_ms", with = "instant")]
    since: Timestamp,
    #[serde(with = "TeardownStepV1")]
    step: TeardownStep,
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
#[serde(remote = "TeardownStep", rename_all = "kebab-case")]
enum TeardownStepV1 {
    Claimed,
    Planning,
    Applying,
    Proving,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Stuck")]
struct StuckV1 {
    #[serde(rename = "since_ms", with = "instant")]
    since: Timestamp,
    passes: u32,
    #[serde(deserialize_with = "Option::deserialize")]
    instances: Option<u64>,
    #[serde(deserialize_with = "Option::deserialize")]
    inventory: Option<String>,
    reason: String,
    remedy: String,
    #[serde(rename = "retry_at_ms", with = "instant")]
    retry_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Evidence")]
struct EvidenceV1 {
    lineage: String,
    serial_before: u64,
    serial_after: u64,
    deleted: Vec<String>,
    strategy: String,
    #[serde(deserialize_with = "Option::deserialize")]
    events_sha256: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Lease")]
pub(super) struct LeaseV1 {
    #[serde(with = "lease_id")]
    id: LeaseId,
    #[serde(deserialize_with = "Option::deserialize")]
    environment: Option<String>,
    #[serde(with = "ttl")]
    ttl: Ttl,
    #[serde(with = "ttl_if_any")]
    max_ttl: Option<Ttl>,
    holder: String,
    targets: Vec<String>,
    #[serde(with = "IdentityV1")]
    created_by: Identity,
    #[serde(rename = "created_at_ms", with = "instant")]
    created_at: Timestamp,
    #[serde(rename = "renewed_at_ms", with = "instant")]
    renewed_at: Timestamp,
    #[serde(rename = "extended_until_ms", with = "instant_if_any")]
    extended_until: Option<Timestamp>,
    fencing_token: u64,
    #[serde(with = "lease_release_if_any")]
    released: Option<LeaseRelease>,
}

optional!(lease_release_if_any: LeaseRelease as "LeaseReleaseV1");

#[derive(Serialize, Deserialize)]
#[serde(remote = "LeaseRelease")]
struct LeaseReleaseV1 {
    #[serde(rename = "at_ms", with = "instant")]
    at: Timestamp,
    #[serde(with = "IdentityV1")]
    by: Identity,
    reason: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Scope")]
pub(super) struct ScopeV1 {
    #[serde(with = "scope_name")]
    name: ScopeName,
    #[serde(rename = "first_swept_at_ms", with = "instant")]
    first_swept_at: Timestamp,
    #[serde(rename = "last_swept_at_ms", with = "instant")]
    last_swept_at: Timestamp,
    #[serde(with = "environment_ids")]
    last_due: BTreeSet<EnvironmentId>,
    last_fleet: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Run")]
pub(super) struct RunV1 {
    #[serde(with = "run_id")]
    id: RunId,
    token_sha256: String,
    #[serde(deserialize_with = "Option::deserialize")]
    environment: Option<String>,
    #[serde(with = "state_if_any")]
    state: Option<StateAddress>,
    #[serde(deserialize_with = "Option::deserialize")]
    command: Option<String>,
    #[serde(with = "IdentityV1")]
    opened_by: Identity,
    host: String,
    #[serde(deserialize_with = "Option::deserialize")]
    ci_job: Option<String>,
    labels: BTreeMap<String, String>,
    #[serde(with = "fence_if_any")]
    fence: Option<Fence>,
    #[serde(with = "ttl")]
    ttl: Ttl,
    #[serde(rename = "opened_at_ms", with = "instant")]
    opened_at: Timestamp,
    #[serde(rename = "renewed_at_ms", with = "instant")]
    renewed_at: Timestamp,
    #[serde(rename = "interrupted_at_ms", with = "instant_if_any")]
    interrupted_at: Option<Timestamp>,
    #[serde(with = "run_end_if_any")]
    end: Option<RunEnd>,
    superseded: bool,
}

optional!(run_end_if_any: RunEnd as "RunEndV1");

#[derive(Serialize, Deserialize)]
#[serde(remote = "RunEnd", rename_all = "kebab-case")]
enum RunEndV1 {
    Closed {
        #[serde(rename = "at_ms", with = "instant")]
        at: Timestamp,
    },
    Died {
        #[serde(rename = "at_ms", with = "instant")]
        at: Timestamp,
        #[serde(rename = "noted_at_ms", with = "instant")]
        noted_at: Timestamp,
    },
}
