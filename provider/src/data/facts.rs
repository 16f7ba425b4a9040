//! The readable attributes of one environment, and the way from a record to them. Shared by the data source of one and that of many.

use ledger::{
    clock::{Timestamp, rfc3339},
    environment::{Environment, Hold, Lifecycle, Stuck},
};
use serde::{Deserialize, Serialize};
use tf_provider::{
    schema::{
        AttributeConstraint::{self, Computed},
        AttributeType::{self, Number, String as Text},
    },
    value::Value,
};

use crate::{
    attributes::{StringMap, attributes, nested},
    config::{LifetimeModel, lifetime},
    environment::model::{self, EnvironmentModel, PullRequestModel, number},
};

attributes! {
    /// What the ledger has of one environment: the living one of a name, a generation of a name, or the one with an id.
    /// Nothing is written.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct EnvironmentFacts {
        /// The environment's name.
        pub(super) name: OptionalComputed String,
        /// The id of one generation of it, the key of its record.
        pub(super) id: OptionalComputed String,
        /// Which life of the name this is, from 1.
        pub(super) generation: OptionalComputed f64,
        /// Who answers for it.
        owner: Computed String,
        /// The owner's team.
        team: Computed String,
        /// What it belongs to.
        project: Computed String,
        /// How long it may live.
        lifetime: Computed LifetimeModel = lifetime(Computed, [
            "From the last renewal to expiry.",
            "From creation to the end no renewal passes.",
            "From the last known use to expiry.",
            "From the last known use to hibernation.",
            "From expiry to destruction.",
        ]),
        /// The tags that were declared.
        tags: Computed StringMap,
        /// The pull or merge request it was made for; null if there is none.
        pull_request: Computed PullRequestModel = pull_request(Computed, Computed, [
            "`github`, `gitlab` or `bitbucket`.",
            "Owner and name, for example `acme/shop`.",
            "Its number.",
        ]),
        /// What the sweeper does at the end: `destroy`, or `review` to only report it.
        on_expiry: Computed String,
        /// Who created it, as far as that is known.
        created_by: Computed String,
        /// When it was created, RFC 3339, by the ledger's clock.
        created_at: Computed String,
        /// When it was last renewed, RFC 3339; its creation counts.
        renewed_at: Computed String,
        /// When it expires, RFC 3339, with every extension.
        expires_at: Computed String,
        /// The end no renewal passes, RFC 3339.
        hard_expires_at: Computed String,
        /// When the sweeper may destroy it: expiry and grace, RFC 3339.
        due_at: Computed String,
        /// When it was destroyed or given back, RFC 3339; null while it lives.
        ended_at: Computed String,
        /// Where it is in its life at the time of the read, as far as the ledger alone can tell: `requested`,
        /// `provisioning`, `ready`, `hibernated`, `expiring`, `expired`, `held`, `destroying`, `stuck`, `destroyed` or
        /// `released`.
        phase: Computed String,
        /// Whether it should run, or sleep.
        running: Computed bool,
        /// Where its state is, without secrets.
        state_address: Computed String,
        /// The hold that keeps it; null if there is none.
        hold: Computed HoldModel,
        /// Why its teardown failed; null unless it is stuck.
        stuck: Computed StuckModel,
        /// The standard tags and `tags`.
        default_tags: Computed StringMap,
        /// `default_tags`, and the creation time and the id.
        tags_all: Computed StringMap,
    }
}

attributes! {
    /// A person's hold.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    struct HoldModel {
        /// Who holds it.
        by: Computed String,
        /// Why.
        reason: Computed String,
        /// Since when, RFC 3339.
        since: Computed String,
        /// Until when, RFC 3339; null until it is lifted.
        until: Computed String,
    }
}

attributes! {
    /// A teardown that failed and is tried again.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    struct StuckModel {
        /// When the first pass failed, RFC 3339.
        since: Computed String,
        /// Passes in a row that did not get on.
        passes: Computed f64,
        /// What was found.
        reason: Computed String,
        /// What a person can do.
        remedy: Computed String,
        /// When the next pass is due, RFC 3339.
        retry_at: Computed String,
    }
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
    /// The attributes of `record` at `now`.
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

/// The type of an attribute with a pull request; a `repository` that names one is of another constraint than the rest.
pub(super) fn pull_request(
    constraint: AttributeConstraint,
    named: AttributeConstraint,
    [forge, repository, number]: [&str; 3],
) -> AttributeType {
    nested([
        ("forge", Text, constraint.clone(), forge),
        ("repository", Text, named, repository),
        ("number", Number, constraint, number),
    ])
}
