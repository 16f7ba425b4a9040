//! Records to put: small ones, one like the other but for their names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::{
    book::Record,
    clock::{Timestamp, from_millis},
    environment::{Environment, Lifecycle, OnExpiry},
    id::{EnvironmentId, EnvironmentName, Generation, LeaseId, RunId, ScopeName},
    identity::Identity,
    lease::{Lease, LeaseRelease},
    lifetime::Lifetime,
    run::{Run, RunEnd},
    scope::Scope,
    tags::TagPrefix,
    ttl::Ttl,
};

/// `seconds` after the start of every sample.
#[must_use]
pub fn at(seconds: i64) -> Timestamp {
    from_millis(1_700_000_000_000).unwrap_or_default() + TimeDelta::seconds(seconds)
}

/// A living environment with the id `env-<id>`.
#[must_use]
pub fn environment(id: &str, name: &str, generation: u64) -> Environment {
    Environment {
        id: EnvironmentId::parse(&format!("env-{id}")).expect("a right id"),
        name: EnvironmentName::parse(name).expect("a right name"),
        generation: Generation::new(generation).expect("a right generation"),
        owner: "ana".to_owned(),
        team: None,
        project: None,
        lifetime: Lifetime::default(),
        tags: BTreeMap::new(),
        tag_prefix: TagPrefix::default(),
        created_by: Identity::claimed("local", "me@host"),
        change_request: None,
        state: None,
        on_expiry: OnExpiry::Destroy,
        created_at: at(0),
        renewed_at: at(0),
        extended_until: None,
        hold: None,
        capture: None,
        lineage: None,
        marker_seen_at: None,
        running: true,
        lifecycle: Lifecycle::Living,
    }
}

/// The same, given back.
#[must_use]
pub fn released(environment: Environment) -> Environment {
    Environment {
        lifecycle: Lifecycle::Released {
            at: at(1),
            by: Identity::claimed("local", "me@host"),
            reason: "removed from the configuration".to_owned(),
        },
        ..environment
    }
}

/// A lease with the id `lease-<id>`, given back or not.
#[must_use]
pub fn lease(id: &str, released: bool) -> Lease {
    let by = Identity::claimed("local", "me@host");
    Lease {
        id: LeaseId::parse(&format!("lease-{id}")).expect("a right id"),
        environment: None,
        ttl: Ttl::hours(1),
        max_ttl: None,
        holder: "ana".to_owned(),
        targets: vec!["aws_instance.bastion".to_owned()],
        created_by: by.clone(),
        created_at: at(0),
        renewed_at: at(0),
        extended_until: None,
        fencing_token: 1,
        released: released.then(|| LeaseRelease {
            at: at(1),
            by,
            reason: "done".to_owned(),
        }),
    }
}

/// A scope.
#[must_use]
pub fn scope(name: &str) -> Scope {
    Scope {
        name: ScopeName::parse(name).expect("a right name"),
        first_swept_at: at(0),
        last_swept_at: at(0),
        last_due: BTreeSet::new(),
        last_fleet: 0,
    }
}

/// A run with the id `run-<id>`, closed and superseded or alive.
#[must_use]
pub fn run(id: &str, over: bool) -> Run {
    Run {
        id: RunId::parse(&format!("run-{id}")).expect("a right id"),
        token_sha256: "0".repeat(64),
        environment: None,
        state: None,
        command: None,
        opened_by: Identity::claimed("local", "me@host"),
        host: "host".to_owned(),
        ci_job: None,
        labels: BTreeMap::new(),
        fence: None,
        ttl: Ttl::parse("2m").expect("a right duration"),
        opened_at: at(0),
        renewed_at: at(0),
        interrupted_at: None,
        end: over.then(|| RunEnd::Closed { at: at(1) }),
        superseded: over,
    }
}

/// The environment most promises are about.
#[must_use]
pub fn record() -> Record {
    Record::Environment(environment("a", "pr-1", 1))
}
