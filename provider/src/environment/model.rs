//! `ephemeral_environment` as Terraform sees it, and the way from a record to it.

use std::collections::BTreeMap;

use ledger::{
    clock::{Timestamp, rfc3339},
    environment::Environment,
    phase::phase,
    tags::TagSet,
};
use serde::{Deserialize, Serialize};
use tf_provider::{schema::AttributeConstraint::OptionalComputed, value::Value};

use crate::{
    attributes::{StringMap, attributes},
    config::{LifetimeModel, as_planned, lifetime},
};

attributes! {
    /// The lifetime of one whole Terraform state: whose it is, and how long it may live. When it ends, the sweeper
    /// destroys everything in the state, with proof. Removing this resource destroys nothing: it gives the lifetime
    /// back.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct EnvironmentModel {
        /// The environment's name, unique among the living ones of a ledger: lower-case letters, digits and `-`, at most
        /// 63. A change replaces the resource.
        pub name: Required String,
        /// Who answers for it. Default: the provider's `default_owner`.
        pub owner: OptionalComputed String,
        /// The owner's team. Default: the provider's `default_team`.
        pub team: OptionalComputed String,
        /// What it belongs to. Default: the provider's `default_project`.
        pub project: OptionalComputed String,
        /// How long it may live. Durations such as `90m`, `72h`, `3d`, `1h30m` or `PT72H`.
        pub lifetime: OptionalComputed LifetimeModel = lifetime(OptionalComputed, [
            "From the last renewal to expiry. Default: the provider's, `72h`.",
            "From creation to the end no renewal passes. Default: the provider's, `72h`.",
            "From the last known use to expiry. Default: the provider's, `8h`.",
            "From the last known use to hibernation. Default: the provider's, `4h`, and never longer than `idle`.",
            "From expiry to destruction. Default: the provider's, `1h`.",
        ]),
        /// Tags besides the standard ones. Keys and values must be valid on every cloud of the provider's `tag_rules`.
        /// `<prefix>protect = "true"` protects it; `<prefix>opt-out = "true"` opts it out.
        pub tags: Optional StringMap,
        /// The pull or merge request it was made for.
        pub pull_request: Optional PullRequestModel,
        /// Any values. A change renews the lifetime: `ttl` counts from then, up to the hard end.
        pub triggers: Optional StringMap,
        /// Where the state is. Default: discovered from Terraform's own data directory.
        pub state: Optional StateModel,
        /// What the sweeper does at the end: `destroy` (the default), or `review` to only report it.
        pub on_expiry: OptionalComputed String,
        /// The id of this generation of the environment, the key of its record in the ledger.
        pub id: Computed String,
        /// Which life of the name this is, from 1. A sweeper destroys no other.
        pub generation: Computed f64,
        /// When it was created, RFC 3339, by the ledger's clock.
        pub created_at: Computed String,
        /// When it expires, RFC 3339. Extensions granted outside Terraform move it without a diff.
        pub expires_at: Computed String,
        /// The end no renewal passes, RFC 3339.
        pub hard_expires_at: Computed String,
        /// Where it is in its life, as far as the ledger alone can tell: `provisioning`, `ready`, `expiring`, `expired`,
        /// `held`, …
        pub phase: Computed String,
        /// Whether it should run. Gate on it what may sleep: `count = ephemeral_environment.this.running ? 1 : 0`.
        pub running: Computed bool,
        /// Where its state is, without secrets.
        pub state_address: Computed String,
        /// A digest of the configuration that was last kept for the destroy. A changed configuration is kept anew by the
        /// next apply, with the protections it holds.
        pub configuration: Computed String,
        /// The standard tags that configuration alone determines, and `tags`. Known in the first plan, so it is safe in
        /// another provider's `default_tags`.
        pub default_tags: Computed StringMap,
        /// `default_tags`, and the creation time and the id.
        pub tags_all: Computed StringMap,
    }
}

attributes! {
    /// `pull_request = { … }`.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct PullRequestModel {
        /// `github`, `gitlab` or `bitbucket`. Default: `github`.
        pub forge: OptionalComputed String,
        /// Owner and name, for example `acme/shop`.
        pub repository: Required String,
        /// The number of the pull or merge request.
        pub number: Required f64,
    }
}

attributes! {
    /// `state = { … }`.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct StateModel {
        /// The backend's type, for example `s3`.
        pub backend: Required String,
        /// Settings that say where the state is, never secrets. For `local`: the absolute `path`.
        pub config: Optional StringMap,
        /// The workspace. Default: `default`.
        pub workspace: Optional String,
    }
}

/// A tag set as Terraform sees it.
#[must_use]
pub fn string_map(tags: &TagSet) -> StringMap {
    tags.iter()
        .map(|(key, value)| (key.clone(), Value::Value(value.clone())))
        .collect()
}

/// The known elements of a map of strings.
#[must_use]
pub fn known_strings(map: &StringMap) -> BTreeMap<String, String> {
    map.iter()
        .filter_map(|(key, value)| Some((key.clone(), value.as_ref_option()?.clone())))
        .collect()
}

/// A 64-bit count as Terraform's number. Counts here stay far below 2^53, where every integer is exact.
#[must_use]
pub fn number(count: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "generations and tokens stay far below 2^53"
    )]
    let number = count as f64;
    number
}

impl EnvironmentModel {
    /// `record` as Terraform sees it. What the ledger does not hold (`triggers`, `state`, `configuration`, and whether an
    /// empty `tags` was written at all) stays as it was in `before`.
    #[must_use]
    pub fn of_record(record: &Environment, before: &Self, now: Timestamp) -> Self {
        let tags = if record.tags.is_empty() && !matches!(before.tags, Value::Value(_)) {
            Value::Null
        } else {
            Value::Value(string_map(&record.tags))
        };
        let pull_request = record
            .change_request
            .as_ref()
            .map(|request| PullRequestModel {
                forge: Value::Value(request.forge.as_str().to_owned()),
                repository: Value::Value(request.repository.clone()),
                number: Value::Value(number(request.number)),
            });
        let address = record.state.as_ref().map(ToString::to_string);
        let lived = &record.lifetime;
        let spelled = |ttl: &ledger::ttl::Ttl| Value::Value(ttl.spelling().to_owned());
        Self {
            name: Value::Value(record.name.as_str().to_owned()),
            owner: Value::Value(record.owner.clone()),
            team: record.team.clone().into(),
            project: record.project.clone().into(),
            lifetime: Value::Value(LifetimeModel {
                ttl: spelled(&lived.ttl),
                max: spelled(&lived.max),
                idle: spelled(&lived.idle),
                hibernate_after: spelled(&lived.hibernate_after),
                grace: spelled(&lived.grace),
            }),
            tags,
            pull_request: pull_request.into(),
            triggers: before.triggers.clone(),
            state: before.state.clone(),
            on_expiry: Value::Value(record.on_expiry.as_str().to_owned()),
            id: Value::Value(record.id.as_str().to_owned()),
            generation: Value::Value(number(record.generation.get())),
            created_at: Value::Value(rfc3339(record.created_at)),
            expires_at: Value::Value(rfc3339(record.expires_at())),
            hard_expires_at: Value::Value(rfc3339(record.hard_expires_at())),
            phase: Value::Value(phase(record, None, now).as_str().to_owned()),
            running: Value::Value(record.running),
            state_address: address.into(),
            configuration: before.configuration.clone(),
            default_tags: Value::Value(string_map(&record.default_tags())),
            tags_all: Value::Value(string_map(&record.tags_all())),
        }
    }

    /// This, with the plan's word where it gave one.
    #[must_use]
    pub fn as_planned(self, planned: &Self) -> Self {
        Self {
            expires_at: as_planned(&planned.expires_at, self.expires_at),
            hard_expires_at: as_planned(&planned.hard_expires_at, self.hard_expires_at),
            phase: as_planned(&planned.phase, self.phase),
            running: as_planned(&planned.running, self.running),
            state_address: as_planned(&planned.state_address, self.state_address),
            configuration: as_planned(&planned.configuration, self.configuration),
            ..self
        }
    }
}
