//! What can be read of one environment: the attributes, their schema, and the way from a record to them. Shared by the
//! data source of one and that of many.

use std::collections::HashMap;

use ledger::{
    clock::{Timestamp, rfc3339},
    environment::{Environment, Hold, Lifecycle, Stuck},
};
use serde::{Deserialize, Serialize};
use tf_provider::{
    schema::{
        Attribute,
        AttributeConstraint::{self, Computed},
        AttributeType::{AttributeSingle, Bool, Number, String as Text},
    },
    value::Value,
};

use crate::{
    config::{LifetimeModel, StringMap, attribute, lifetime_attribute, string_map},
    environment::model::{self, EnvironmentModel, PullRequestModel, number},
};

/// One environment, field for field as in [`attributes`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentFacts {
    pub(super) name: Value<String>,
    pub(super) id: Value<String>,
    pub(super) generation: Value<f64>,
    owner: Value<String>,
    team: Value<String>,
    project: Value<String>,
    lifetime: Value<LifetimeModel>,
    tags: Value<StringMap>,
    pull_request: Value<PullRequestModel>,
    on_expiry: Value<String>,
    created_by: Value<String>,
    created_at: Value<String>,
    renewed_at: Value<String>,
    expires_at: Value<String>,
    hard_expires_at: Value<String>,
    due_at: Value<String>,
    ended_at: Value<String>,
    phase: Value<String>,
    running: Value<bool>,
    state_address: Value<String>,
    hold: Value<HoldModel>,
    stuck: Value<StuckModel>,
    default_tags: Value<StringMap>,
    tags_all: Value<StringMap>,
}

/// A person's hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct HoldModel {
    by: Value<String>,
    reason: Value<String>,
    since: Value<String>,
    until: Value<String>,
}

/// A teardown that failed and is tried again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct StuckModel {
    since: Value<String>,
    passes: Value<f64>,
    reason: Value<String>,
    remedy: Value<String>,
    retry_at: Value<String>,
}

fn instant(at: Timestamp) -> Value<String> {
    Value::Value(rfc3339(at))
}

impl HoldModel {
    fn of(hold: &Hold) -> Self {
        Self {
            by: Value::Value(hold.by.subject.clone()),
            reason: Value::Value(hold.reason.clone()),
            since: instant(hold.since),
            until: hold.until.map(rfc3339).into(),
        }
    }
}

impl StuckModel {
    fn of(stuck: &Stuck) -> Self {
        Self {
            since: instant(stuck.since),
            passes: Value::Value(f64::from(stuck.passes)),
            reason: Value::Value(stuck.reason.clone()),
            remedy: Value::Value(stuck.remedy.clone()),
            retry_at: instant(stuck.retry_at),
        }
    }
}

impl EnvironmentFacts {
    /// What `record` says at `now`.
    pub(super) fn of_record(record: &Environment, now: Timestamp) -> Self {
        let shown = EnvironmentModel::of_record(record, &EnvironmentModel::default(), now);
        let ended_at = match &record.lifecycle {
            Lifecycle::Destroyed { at, .. } | Lifecycle::Released { at, .. } => Some(rfc3339(*at)),
            Lifecycle::Living | Lifecycle::Destroying(_) | Lifecycle::Stuck(_) => None,
        };
        let stuck = match &record.lifecycle {
            Lifecycle::Stuck(stuck) => Some(StuckModel::of(stuck)),
            _ => None,
        };
        let hold = record.hold.as_ref().filter(|hold| hold.holds(now));
        Self {
            name: shown.name,
            id: shown.id,
            generation: Value::Value(number(record.generation.get())),
            owner: shown.owner,
            team: shown.team,
            project: shown.project,
            lifetime: shown.lifetime,
            tags: Value::Value(model::string_map(&record.tags)),
            pull_request: shown.pull_request,
            on_expiry: shown.on_expiry,
            created_by: Value::Value(record.created_by.subject.clone()),
            created_at: shown.created_at,
            renewed_at: instant(record.renewed_at),
            expires_at: shown.expires_at,
            hard_expires_at: shown.hard_expires_at,
            due_at: instant(record.due_at()),
            ended_at: ended_at.into(),
            phase: shown.phase,
            running: shown.running,
            state_address: shown.state_address,
            hold: hold.map(HoldModel::of).into(),
            stuck: stuck.into(),
            default_tags: shown.default_tags,
            tags_all: shown.tags_all,
        }
    }
}

fn texts<const N: usize>(texts: [(&str, &str); N]) -> HashMap<String, Attribute> {
    let texts = texts.into_iter();
    texts
        .map(|(name, text)| (name.to_owned(), attribute(Text, Computed, text)))
        .collect()
}

/// The attributes of one environment; `selector` is who sets those by which one can be selected.
pub(super) fn attributes(selector: &AttributeConstraint) -> HashMap<String, Attribute> {
    let mut attributes = texts([
        ("owner", "Who answers for it."),
        ("team", "The owner's team."),
        ("project", "What it belongs to."),
        (
            "on_expiry",
            "What the sweeper does at the end: `destroy`, or `review` to only report it.",
        ),
        ("created_by", "Who created it, as far as that is known."),
        (
            "created_at",
            "When it was created, RFC 3339, by the ledger's clock.",
        ),
        (
            "renewed_at",
            "When it was last renewed, RFC 3339; its creation counts.",
        ),
        (
            "expires_at",
            "When it expires, RFC 3339, with every extension.",
        ),
        ("hard_expires_at", "The end no renewal passes, RFC 3339."),
        (
            "due_at",
            "When the sweeper may destroy it: expiry and grace, RFC 3339.",
        ),
        (
            "ended_at",
            "When it was destroyed or given back, RFC 3339; null while it lives.",
        ),
        (
            "phase",
            "Where it is in its life at the time of the read, as far as the ledger alone can tell: `requested`, \
             `provisioning`, `ready`, `hibernated`, `expiring`, `expired`, `held`, `destroying`, `stuck`, `destroyed` or \
             `released`.",
        ),
        ("state_address", "Where its state is, without secrets."),
    ]);
    let more = [
        (
            "name",
            attribute(Text, selector.clone(), "The environment's name."),
        ),
        (
            "id",
            attribute(
                Text,
                selector.clone(),
                "The id of one generation of it, the key of its record.",
            ),
        ),
        (
            "generation",
            attribute(
                Number,
                selector.clone(),
                "Which life of the name this is, from 1.",
            ),
        ),
        (
            "lifetime",
            lifetime_attribute(
                Computed,
                Computed,
                "How long it may live.",
                [
                    "From the last renewal to expiry.",
                    "From creation to the end no renewal passes.",
                    "From the last known use to expiry.",
                    "From the last known use to hibernation.",
                    "From expiry to destruction.",
                ],
            ),
        ),
        (
            "tags",
            attribute(string_map(), Computed, "The tags that were declared."),
        ),
        (
            "pull_request",
            attribute(
                AttributeSingle(pull_request_attributes(
                    Computed,
                    [
                        "`github`, `gitlab` or `bitbucket`.",
                        "Owner and name, for example `acme/shop`.",
                        "Its number.",
                    ],
                )),
                Computed,
                "The pull or merge request it was made for; null if there is none.",
            ),
        ),
        (
            "running",
            attribute(Bool, Computed, "Whether it should run, or sleep."),
        ),
        (
            "hold",
            attribute(
                AttributeSingle(texts([
                    ("by", "Who holds it."),
                    ("reason", "Why."),
                    ("since", "Since when, RFC 3339."),
                    ("until", "Until when, RFC 3339; null until it is lifted."),
                ])),
                Computed,
                "The hold that keeps it; null if there is none.",
            ),
        ),
        ("stuck", stuck_attribute()),
        (
            "default_tags",
            attribute(string_map(), Computed, "The standard tags and `tags`."),
        ),
        (
            "tags_all",
            attribute(
                string_map(),
                Computed,
                "`default_tags`, and the creation time and the id.",
            ),
        ),
    ];
    attributes.extend(more.map(|(name, attribute)| (name.to_owned(), attribute)));
    attributes
}

/// The members of `pull_request`; `repository` has the constraint of the others unless they are optional.
pub(super) fn pull_request_attributes(
    constraint: AttributeConstraint,
    [forge, repository, number]: [&str; 3],
) -> HashMap<String, Attribute> {
    let named = match constraint {
        AttributeConstraint::Optional => AttributeConstraint::Required,
        _ => constraint.clone(),
    };
    HashMap::from([
        (
            "forge".to_owned(),
            attribute(Text, constraint.clone(), forge),
        ),
        ("repository".to_owned(), attribute(Text, named, repository)),
        ("number".to_owned(), attribute(Number, constraint, number)),
    ])
}

fn stuck_attribute() -> Attribute {
    let mut members = texts([
        ("since", "When the first pass failed, RFC 3339."),
        ("reason", "What was found."),
        ("remedy", "What a person can do."),
        ("retry_at", "When the next pass is due, RFC 3339."),
    ]);
    let passes = attribute(Number, Computed, "Passes in a row that did not get on.");
    members.insert("passes".to_owned(), passes);
    attribute(
        AttributeSingle(members),
        Computed,
        "Why its teardown failed; null unless it is stuck.",
    )
}
