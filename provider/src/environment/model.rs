//! `ephemeral_environment` as Terraform sees it, field for field as in the schema; and the way from a record to it.

use std::collections::BTreeMap;

use ledger::{
    clock::{Timestamp, rfc3339},
    environment::Environment,
    phase::phase,
    tags::TagSet,
};
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::config::{LifetimeModel, StringMap, as_planned};

/// The resource as typed, planned or stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentModel {
    /// Required.
    pub name: Value<String>,
    /// Optional, computed.
    pub owner: Value<String>,
    /// Optional, computed.
    pub team: Value<String>,
    /// Optional, computed.
    pub project: Value<String>,
    /// Optional, computed.
    pub lifetime: Value<LifetimeModel>,
    /// Optional.
    pub tags: Value<StringMap>,
    /// Optional.
    pub pull_request: Value<PullRequestModel>,
    /// Optional; a change renews.
    pub triggers: Value<StringMap>,
    /// Optional; overrides what is discovered.
    pub state: Value<StateModel>,
    /// Optional, computed.
    pub on_expiry: Value<String>,
    /// Computed.
    pub id: Value<String>,
    /// Computed.
    pub generation: Value<f64>,
    /// Computed.
    pub created_at: Value<String>,
    /// Computed.
    pub expires_at: Value<String>,
    /// Computed.
    pub hard_expires_at: Value<String>,
    /// Computed.
    pub phase: Value<String>,
    /// Computed.
    pub running: Value<bool>,
    /// Computed.
    pub state_address: Value<String>,
    /// Computed: a digest of the configuration that was last kept for the destroy.
    pub configuration: Value<String>,
    /// Computed.
    pub default_tags: Value<StringMap>,
    /// Computed.
    pub tags_all: Value<StringMap>,
}

/// `pull_request = { … }`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PullRequestModel {
    /// Optional, computed.
    pub forge: Value<String>,
    /// Required.
    pub repository: Value<String>,
    /// Required.
    pub number: Value<f64>,
}

/// `state = { … }`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StateModel {
    /// Required.
    pub backend: Value<String>,
    /// Optional.
    pub config: Value<StringMap>,
    /// Optional.
    pub workspace: Value<String>,
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
        let lifetime = &record.lifetime;
        let spelled = |ttl: &ledger::ttl::Ttl| Value::Value(ttl.spelling().to_owned());
        Self {
            name: Value::Value(record.name.as_str().to_owned()),
            owner: Value::Value(record.owner.clone()),
            team: record.team.clone().into(),
            project: record.project.clone().into(),
            lifetime: Value::Value(LifetimeModel {
                ttl: spelled(&lifetime.ttl),
                max: spelled(&lifetime.max),
                idle: spelled(&lifetime.idle),
                hibernate_after: spelled(&lifetime.hibernate_after),
                grace: spelled(&lifetime.grace),
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
