//! The list of living environments.

use async_trait::async_trait;
use ledger::{
    book::{Kind, Record},
    clock::Timestamp,
    environment::Environment,
    phase::{Phase, phase},
};
use plugin::{Configured, ListResource, Listed, ObjectIdentity, Wanted};
use serde::Deserialize;
use tf_provider::{
    Diagnostics,
    schema::{AttributeConstraint::Optional, AttributeType::String as Text, Schema},
    value::Value,
};

use super::{living, passes};
use crate::{
    config::{attribute, schema},
    context::Context,
    diag,
    environment::EnvironmentModel,
};

/// Lists environments.
#[derive(Debug)]
pub struct ListEnvironments(pub Configured<Context>);

/// What an environment must be to be listed.
#[derive(Debug, Clone, Deserialize)]
pub struct EnvironmentFilters {
    /// Optional.
    pub owner: Value<String>,
    /// Optional.
    pub team: Value<String>,
    /// Optional.
    pub phase: Value<String>,
    /// Optional.
    pub name_prefix: Value<String>,
}

impl EnvironmentFilters {
    fn let_pass(&self, environment: &Environment, now: Timestamp) -> bool {
        let phase = phase(environment, None, now).as_str().to_owned();
        let prefix = self.name_prefix.as_ref_option();
        passes(&self.owner, Some(&environment.owner))
            && passes(&self.team, environment.team.as_ref())
            && passes(&self.phase, Some(&phase))
            && prefix.is_none_or(|prefix| environment.name.as_str().starts_with(prefix))
    }
}

#[async_trait]
impl ListResource for ListEnvironments {
    type Config = EnvironmentFilters;
    type State = EnvironmentModel;

    fn schema(&self) -> Schema {
        schema(
            "The living environments of the ledger, each of which can be imported. A filter that is left out lets \
             everything pass. Needs Terraform 1.14 or later.",
            [
                (
                    "owner",
                    attribute(Text, Optional, "Only those this owner answers for."),
                ),
                (
                    "team",
                    attribute(Text, Optional, "Only those of this team."),
                ),
                (
                    "phase",
                    attribute(
                        Text,
                        Optional,
                        "Only those in this phase, for example `expiring` or `held`. `active` and `idle` follow from \
                         use, which the ledger does not hold, and are refused.",
                    ),
                ),
                (
                    "name_prefix",
                    attribute(
                        Text,
                        Optional,
                        "Only those whose name begins so, for example `pr-`.",
                    ),
                ),
            ],
        )
    }

    async fn validate(&self, diags: &mut Diagnostics, config: EnvironmentFilters) {
        if let Value::Value(text) = &config.phase
            && let Err(error) = Phase::parse_of_living(text)
        {
            diags.add_error(diag::invalid_phase(&error));
        }
    }

    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: EnvironmentFilters,
        wanted: Wanted,
    ) -> Option<Vec<Listed<EnvironmentModel>>> {
        let context = self.0.require(diags)?;
        let (records, now) = living(&context, Kind::Environment, diags).await?;
        let environments = records.iter().filter_map(Record::environment);
        let listed = environments
            .filter(|environment| config.let_pass(environment, now))
            .take(wanted.limit)
            .map(|environment| Listed {
                identity: ObjectIdentity::from([("id", environment.id.as_str().to_owned())]),
                display_name: format!(
                    "{} ({}, generation {})",
                    environment.name, environment.owner, environment.generation
                ),
                state: wanted.states.then(|| {
                    let before = EnvironmentModel::default();
                    EnvironmentModel::of_record(environment, &before, now)
                }),
            });
        Some(listed.collect())
    }
}
