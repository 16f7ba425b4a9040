//! The list of leases that were not given back.

use async_trait::async_trait;
use ledger::book::{Kind, Record};
use plugin::{Configured, ListResource, Listed, ObjectIdentity, Wanted};
use serde::Deserialize;
use tf_provider::{
    Diagnostics,
    schema::{
        AttributeConstraint::Optional,
        AttributeType::{Bool, String as Text},
        Schema,
    },
    value::Value,
};

use super::{living, passes};
use crate::{
    config::{attribute, schema},
    context::Context,
    lease::LeaseModel,
};

/// Lists leases.
#[derive(Debug)]
pub struct ListLeases(pub Configured<Context>);

/// What a lease must be to be listed.
#[derive(Debug, Clone, Deserialize)]
pub struct LeaseFilters {
    /// Optional.
    pub holder: Value<String>,
    /// Optional.
    pub environment: Value<String>,
    /// Optional.
    pub active: Value<bool>,
}

#[async_trait]
impl ListResource for ListLeases {
    type Config = LeaseFilters;
    type State = LeaseModel;

    fn schema(&self) -> Schema {
        schema(
            "The leases of the ledger that were not given back, each of which can be imported. A filter that is left out \
             lets everything pass. Needs Terraform 1.14 or later.",
            [
                (
                    "holder",
                    attribute(Text, Optional, "Only those this holder uses."),
                ),
                (
                    "environment",
                    attribute(
                        Text,
                        Optional,
                        "Only those of this environment, by the id or name that their configuration gives.",
                    ),
                ),
                (
                    "active",
                    attribute(
                        Bool,
                        Optional,
                        "Only those that hold (`true`), or only those that lapsed (`false`).",
                    ),
                ),
            ],
        )
    }

    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: LeaseFilters,
        wanted: Wanted,
    ) -> Option<Vec<Listed<LeaseModel>>> {
        let context = self.0.require(diags)?;
        let (records, now) = living(&context, Kind::Lease, diags).await?;
        let leases = records.iter().filter_map(|record| match record {
            Record::Lease(lease) => Some(lease),
            _ => None,
        });
        let listed = leases
            .filter(|lease| {
                passes(&config.holder, Some(&lease.holder))
                    && passes(&config.environment, lease.environment.as_ref())
                    && passes(&config.active, Some(&lease.is_active(now)))
            })
            .take(wanted.limit)
            .map(|lease| {
                let targets = if lease.targets.is_empty() {
                    String::new()
                } else {
                    format!(" for {}", lease.targets.join(", "))
                };
                Listed {
                    identity: ObjectIdentity::from([("id", lease.id.as_str().to_owned())]),
                    display_name: format!("{}{targets}, {}", lease.holder, lease.id),
                    state: wanted.states.then(|| {
                        let before = LeaseModel::default();
                        LeaseModel::of_record(lease, &before, now)
                    }),
                }
            });
        Some(listed.collect())
    }
}
