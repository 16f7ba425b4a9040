//! `ttl_lease` as Terraform sees it, and the way from a record to it.

use ledger::{
    clock::{Timestamp, rfc3339},
    lease::Lease,
};
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::{
    attributes::{StringMap, attributes},
    config::as_planned,
    environment::model::number,
};

attributes! {
    /// A lifetime for a part of a state that lives on, such as a bastion host for four hours. Gate the part on
    /// `active`: when the lease lapses, the next plan simply does not contain it.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct LeaseModel {
        /// The id or name of the environment it belongs to. It must live in the same ledger.
        pub environment: Optional String,
        /// From the last renewal to the end, for example `4h`.
        pub ttl: Required String,
        /// From creation to the end no renewal passes. Default: none.
        pub max_ttl: Optional String,
        /// Who uses it. Default: who creates it, as far as that is known.
        pub holder: OptionalComputed String,
        /// What it is for: resource addresses, or words for what is outside Terraform.
        pub targets: Optional Vec<Value<String>>,
        /// Any values. A change renews the lease: `ttl` counts from then. So does a change of `ttl` or `max_ttl`.
        pub triggers: Optional StringMap,
        // Not sensitive: it is write-only, so no plan and no state has it.
        /// The token of an `ephemeral "ttl_lease"`. It keeps that run lease open until this lease is done, and what is
        /// recorded of this lease carries the run's id. A change of it alone is no change of the lease.
        pub run_token: Optional String,
        /// The lease's id, the key of its record in the ledger.
        pub id: Computed String,
        /// When it ends, RFC 3339.
        pub expires_at: Computed String,
        /// Whether it holds. Known in the first plan, so it can stand in `count` and `for_each`.
        pub active: Computed bool,
        /// Grows with every grant. A system that remembers the highest it has seen can refuse an older holder.
        pub fencing_token: Computed f64,
    }
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
