//! `ephemeral_environments`: every environment that a filter lets through, in the order of names and generations.

use std::collections::HashMap;

use async_trait::async_trait;
use ledger::book::Kind;
use plugin::Configured;
use serde::{Deserialize, Serialize};
use tf_provider::{
    DataSource, Diagnostics,
    schema::{
        Attribute,
        AttributeConstraint::{Computed, Optional, Required},
        AttributeType::AttributeList,
        Schema,
    },
    value::{Value, ValueEmpty},
};

use self::filter::Filter;
use super::{
    answered, environment,
    facts::{EnvironmentFacts, pull_request},
    look,
};
use crate::{
    attributes::{Attributes as _, StringMap, attributes},
    context::Context,
    diag,
    environment::model::PullRequestModel,
};

mod filter;

const DOING: &str = "reading the environments";

/// The data source, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct EnvironmentsSource(pub Configured<Context>);

attributes! {
    /// Every environment of the ledger that all the given filters let through; without filters, every one that lives.
    /// Nothing is written.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
    pub struct EnvironmentsModel {
        /// Only those of this owner.
        owner: Optional String,
        /// Only those of this team.
        team: Optional String,
        /// Only those of this project.
        project: Optional String,
        /// Only those in one of these phases. `active` and `idle` follow from use, which the ledger does not hold, and are
        /// refused. `destroyed` and `released` bring those that have ended, which are left out otherwise.
        phases: Optional Vec<Value<String>>,
        /// Only those with all of these tags, among the declared and the standard ones; keys are whole, with their prefix.
        tags: Optional StringMap,
        /// Only those that were made for this pull or merge request, or for any of a repository.
        pull_request: Optional PullRequestModel = pull_request(Optional, Required, [
            "`github`, `gitlab` or `bitbucket`. Default: any.",
            "Owner and name, for example `acme/shop`.",
            "Its number. Default: any.",
        ]),
        /// Whether to answer although some records cannot be read: they are then listed in `unreadable`, with a warning.
        /// Default: `false`, an error that names them, because a list that looks whole and is not may make others remove
        /// what it should hold.
        allow_unreadable: Optional bool,
        /// The environments, in the order of their names and generations.
        environments: Computed Vec<EnvironmentFacts> = AttributeList(computed()),
        /// Their names, each once, in order.
        names: Computed Vec<Value<String>>,
        /// Their ids, in the order of `environments`.
        ids: Computed Vec<Value<String>>,
        /// The ids of the records that could not be read, and that may match.
        unreadable: Computed Vec<Value<String>>,
    }
}

/// The attributes of an environment among many, none of which selects it.
fn computed() -> HashMap<String, Attribute> {
    let mut attributes = EnvironmentFacts::attributes();
    for attribute in attributes.values_mut() {
        attribute.constraint = Computed;
    }
    attributes
}

#[async_trait]
impl DataSource for EnvironmentsSource {
    type State<'a> = EnvironmentsModel;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(EnvironmentsModel::schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: EnvironmentsModel) -> Option<()> {
        let _ = Filter::of(&config, diags);
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        config: EnvironmentsModel,
        _: ValueEmpty,
    ) -> Option<EnvironmentsModel> {
        let filter = Filter::of(&config, diags);
        if !diags.errors.is_empty() {
            return None;
        }
        let sight = look(&self.0, DOING, diags).await?;
        let listing = sight
            .find(Kind::Environment, None, !filter.wants_the_ended())
            .await;
        let listing = answered(listing, DOING, diags)?;
        if !listing.unreadable.is_empty() {
            if !matches!(config.allow_unreadable, Value::Value(true)) {
                diags.add_error(diag::unreadable_records(&listing.unreadable));
                return None;
            }
            diags.add_warning(diag::records_left_out(&listing.unreadable));
        }
        let mut found = environment::environments(&listing.records);
        found.retain(|environment| filter.lets_through(environment, sight.now));
        found.sort_by(|left, right| {
            (&left.name, left.generation).cmp(&(&right.name, right.generation))
        });
        let facts: Vec<EnvironmentFacts> = found
            .iter()
            .map(|environment| EnvironmentFacts::of_record(environment, sight.now))
            .collect();
        let mut names: Vec<_> = facts.iter().map(|facts| facts.name.clone()).collect();
        names.dedup();
        let unreadable = listing.unreadable.into_iter();
        Some(EnvironmentsModel {
            names: Value::Value(names),
            ids: Value::Value(facts.iter().map(|facts| facts.id.clone()).collect()),
            environments: Value::Value(facts),
            unreadable: Value::Value(
                unreadable
                    .map(|(subject, _)| Value::Value(subject))
                    .collect(),
            ),
            ..config
        })
    }
}
