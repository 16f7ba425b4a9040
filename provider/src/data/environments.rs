//! `ephemeral_environments`: every environment that a filter lets through, in the order of names and generations.

use async_trait::async_trait;
use ledger::book::Kind;
use plugin::Configured;
use serde::{Deserialize, Serialize};
use tf_provider::{
    DataSource, Diagnostics,
    schema::{
        AttributeConstraint::{Computed, Optional},
        AttributeType::{AttributeList, AttributeSingle, Bool, String as Text},
        Schema,
    },
    value::{Value, ValueEmpty},
};

use self::filter::Filter;
use super::{
    answered, environment,
    facts::{EnvironmentFacts, attributes, pull_request_attributes},
    look,
};
use crate::{
    config::{StringMap, attribute, schema, string_list, string_map},
    context::Context,
    diag,
    environment::model::PullRequestModel,
};

mod filter;

const DOING: &str = "reading the environments";

/// The data source, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct EnvironmentsSource {
    context: Configured<Context>,
}

impl EnvironmentsSource {
    /// A data source that works with what `context` will hold.
    #[must_use]
    pub fn new(context: Configured<Context>) -> Self {
        Self { context }
    }
}

/// The filter as typed, and the answer; field for field as in the schema.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EnvironmentsModel {
    owner: Value<String>,
    team: Value<String>,
    project: Value<String>,
    phases: Value<Vec<Value<String>>>,
    tags: Value<StringMap>,
    pull_request: Value<PullRequestModel>,
    allow_unreadable: Value<bool>,
    environments: Value<Vec<EnvironmentFacts>>,
    names: Value<Vec<Value<String>>>,
    ids: Value<Vec<Value<String>>>,
    unreadable: Value<Vec<Value<String>>>,
}

#[async_trait]
impl DataSource for EnvironmentsSource {
    type State<'a> = EnvironmentsModel;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _: &mut Diagnostics) -> Option<Schema> {
        Some(environments_schema())
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
        let sight = look(&self.context, DOING, diags).await?;
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

fn environments_schema() -> Schema {
    let text = |text: &str| attribute(Text, Optional, text);
    let list = |text: &str| attribute(string_list(), Computed, text);
    schema(
        "Every environment of the ledger that all the given filters let through; without filters, every one that lives. \
         Nothing is written.",
        [
            ("owner", text("Only those of this owner.")),
            ("team", text("Only those of this team.")),
            ("project", text("Only those of this project.")),
            (
                "phases",
                attribute(
                    string_list(),
                    Optional,
                    "Only those in one of these phases. `active` and `idle` follow from use, which the ledger does not \
                     hold, and are refused. `destroyed` and `released` bring those that have ended, which are \
                     left out otherwise.",
                ),
            ),
            (
                "tags",
                attribute(
                    string_map(),
                    Optional,
                    "Only those with all of these tags, among the declared and the standard ones; keys are whole, with \
                     their prefix.",
                ),
            ),
            (
                "pull_request",
                attribute(
                    AttributeSingle(pull_request_attributes(
                        Optional,
                        [
                            "`github`, `gitlab` or `bitbucket`. Default: any.",
                            "Owner and name, for example `acme/shop`.",
                            "Its number. Default: any.",
                        ],
                    )),
                    Optional,
                    "Only those that were made for this pull or merge request, or for any of a repository.",
                ),
            ),
            (
                "allow_unreadable",
                attribute(
                    Bool,
                    Optional,
                    "Whether to answer although some records cannot be read: they are then listed in `unreadable`, with a \
                     warning. Default: `false`, an error that names them, because a list that looks whole and is not may \
                     make others remove what it should hold.",
                ),
            ),
            (
                "environments",
                attribute(
                    AttributeList(attributes(&Computed)),
                    Computed,
                    "The environments, in the order of their names and generations.",
                ),
            ),
            ("names", list("Their names, each once, in order.")),
            ("ids", list("Their ids, in the order of `environments`.")),
            (
                "unreadable",
                list("The ids of the records that could not be read, and that may match."),
            ),
        ],
    )
}
