//! `ttl_lease` as Terraform sees it, field for field as in the schema; and the way from a record to it.

use ledger::{
    clock::{Timestamp, rfc3339},
    lease::Lease,
};
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::{
    config::{StringMap, as_planned},
    environment::model::number,
};

/// The resource as typed, planned or stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LeaseModel {
    /// Optional.
    pub environment: Value<String>,
    /// Required.
    pub ttl: Value<String>,
    /// Optional.
    pub max_ttl: Value<String>,
    /// Optional, computed.
    pub holder: Value<String>,
    /// Optional.
    pub targets: Value<Vec<Value<String>>>,
    /// Optional; a change renews.
    pub triggers: Value<StringMap>,
    /// Optional, write-only: in the configuration alone, and null in every plan and state.
    pub run_token: Value<String>,
    /// Computed.
    pub id: Value<String>,
    /// Computed.
    pub expires_at: Value<String>,
    /// Computed.
    pub active: Value<bool>,
    /// Computed.
    pub fencing_token: Value<f64>,
}

impl LeaseModel {
    /// `record` as Terraform sees it. What the ledger does not hold (`triggers`, and whether an empty `targets` was
    /// written at all) stays as it was in `before`.
    #[must_use]
    pub fn of_record(record: &Lease, before: &Self, now: Timestamp) -> Self {
        let targets = if record.targets.is_empty() && !matches!(before.targets, Value::Value(_)) {
            Value::Null
        } else {
            Value::Value(record.targets.iter().cloned().map(Value::Value).collect())
        };
        let max_ttl = record.max_ttl.as_ref().map(|max| max.spelling().to_owned());
        Self {
            environment: record.environment.clone().into(),
            ttl: Value::Value(record.ttl.spelling().to_owned()),
            max_ttl: max_ttl.into(),
            holder: Value::Value(record.holder.clone()),
            targets,
            triggers: before.triggers.clone(),
            run_token: Value::Null,
            id: Value::Value(record.id.as_str().to_owned()),
            expires_at: Value::Value(rfc3339(record.expires_at())),
            active: Value::Value(record.is_active(now)),
            fencing_token: Value::Value(number(record.fencing_token)),
        }
    }

    /// This, with the plan's word where it gave one.
    #[must_use]
    pub fn as_planned(self, planned: &Self) -> Self {
        Self {
            expires_at: as_planned(&planned.expires_at, self.expires_at),
            active: as_planned(&planned.active, self.active),
            fencing_token: as_planned(&planned.fencing_token, self.fencing_token),
            ..self
        }
    }
}
