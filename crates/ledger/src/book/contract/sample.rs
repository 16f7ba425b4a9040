//! Records to put: small ones, one like the other but for their names.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::{
    book::Record,
    change_request::ChangeRequest,
    clock::{Timestamp, from_millis},
    environment::{Capture, Environment, Hold, Lifecycle, OnExpiry, Teardown, TeardownStep},
    id::{EnvironmentId, EnvironmentName, Fence, Generation, LeaseId, RunId, ScopeName},
    identity::Identity,
    lease::{Lease, LeaseRelease},
    lifetime::Lifetime,
    run::{Run, RunEnd},
    scope::Scope,
    state_address::StateAddress,
    stored::unknown,
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

/// `text`, the stored text of a record, with what `add` answers for the path of each object put at its end. Nothing is put
/// into the maps that a user fills, nor beside the word that says which of several forms an object has.
#[must_use]
pub fn grown(text: &str, add: &mut dyn FnMut(&str) -> Option<String>) -> String {
    grow("", text, add)
}

fn grow(path: &str, text: &str, add: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let Some(members) = unknown::members(text) else {
        return text.to_owned();
    };
    let mut inner = Vec::new();
    for (name, value) in &members {
        let value = match name.as_str() {
            "tags" | "settings" | "labels" | "detail" => (*value).to_owned(),
            _ => grow(&format!("{path}.{name}"), value, add),
        };
        inner.push((name.as_str(), value));
    }
    let object = unknown::object(inner.into_iter());
    let added = match path {
        ".course" | ".end" => None,
        path => add(path),
    };
    match added {
        Some(added) => format!("{},{added}}}", object.strip_suffix('}').unwrap_or_default()),
        None => object,
    }
}

/// Members that no version knows, as no writer of ours would write them.
pub const LATER: &str =
    r#""later":{"b": 1.50e+3,"a":[null,"\u00e9\/"],"later":18446744073709551616}"#;

/// An environment with something in every part that may be absent, being destroyed.
#[must_use]
pub fn full_environment() -> Environment {
    let by = Identity::claimed("local", "me@host");
    Environment {
        team: Some("checkout".to_owned()),
        tags: [("Team".to_owned(), "checkout".to_owned())].into(),
        change_request: Some(ChangeRequest {
            forge: ChangeRequest::parse_forge("github").expect("a right forge"),
            repository: "acme/shop".to_owned(),
            number: 128,
        }),
        state: Some(StateAddress {
            backend: "local".to_owned(),
            settings: [("path".to_owned(), "/srv/state".to_owned())].into(),
            workspace: "default".to_owned(),
        }),
        hold: Some(Hold {
            by,
            reason: "a demo".to_owned(),
            since: at(0),
            until: None,
        }),
        capture: Some(Capture {
            capsule: None,
            at: at(0),
            cli: "terraform".to_owned(),
            prevent_destroy: Vec::new(),
            destroy_provisioners: Vec::new(),
            gaps: Vec::new(),
        }),
        lifecycle: Lifecycle::Destroying(Teardown {
            operation: "destroy-a".to_owned(),
            fence: Fence(1),
            since: at(0),
            step: TeardownStep::Planning,
            instances: 4,
            inventory: None,
            host: "host".to_owned(),
            work_dir: None,
            process_group: None,
        }),
        ..environment("a", "pr-1", 1)
    }
}
