//! The provider block: its schema and its model, as typed. What is meant is in [`crate::settings`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tf_provider::{
    schema::{Attribute, AttributeConstraint, AttributeType, Block, Description, Schema},
    value::Value,
};

mod identity;

pub use identity::IdentityModel;

/// The provider block as typed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ConfigModel {
    /// Where the ledger is.
    pub ledger: Value<String>,
    /// The token of the run this is part of.
    pub run_token: Value<String>,
    /// Who answers where a resource names nobody.
    pub default_owner: Value<String>,
    /// The team where a resource names none.
    pub default_team: Value<String>,
    /// The project where a resource names none.
    pub default_project: Value<String>,
    /// Tags every environment must have.
    pub required_tags: Value<Vec<Value<String>>>,
    /// What standard tags begin with.
    pub tag_prefix: Value<String>,
    /// Whose tag rules are enforced.
    pub tag_rules: Value<Vec<Value<String>>>,
    /// Durations where a resource sets none.
    pub default_lifetime: Value<LifetimeModel>,
    /// The most a resource may set.
    pub max_lifetime: Value<LifetimeModel>,
    /// How it is found out who runs this.
    pub identity: Value<IdentityModel>,
}

/// Five durations as typed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LifetimeModel {
    /// From the last renewal.
    pub ttl: Value<String>,
    /// From creation.
    pub max: Value<String>,
    /// From the last use.
    pub idle: Value<String>,
    /// From the last use, to hibernation.
    pub hibernate_after: Value<String>,
    /// From expiry.
    pub grace: Value<String>,
}

impl LifetimeModel {
    /// The five by name.
    #[must_use]
    pub fn members(&self) -> [(&'static str, &Value<String>); 5] {
        [
            ("ttl", &self.ttl),
            ("max", &self.max),
            ("idle", &self.idle),
            ("hibernate_after", &self.hibernate_after),
            ("grace", &self.grace),
        ]
    }
}

/// An attribute with a Markdown description.
#[must_use]
pub fn attribute(
    attr_type: AttributeType,
    constraint: AttributeConstraint,
    description: &str,
) -> Attribute {
    Attribute {
        attr_type,
        description: Description::markdown(description),
        constraint,
        sensitive: false,
        deprecated: false,
    }
}

/// A block from its attributes.
#[must_use]
pub fn schema<const N: usize>(description: &str, attributes: [(&str, Attribute); N]) -> Schema {
    Schema {
        version: 0,
        block: Block {
            version: 0,
            attributes: attributes
                .into_iter()
                .map(|(name, attribute)| (name.to_owned(), attribute))
                .collect(),
            blocks: std::collections::HashMap::new(),
            description: Description::markdown(description),
            deprecated: false,
        },
    }
}

/// The five durations as a nested attribute.
#[must_use]
pub fn lifetime_attribute(
    member: AttributeConstraint,
    whole: AttributeConstraint,
    description: &str,
    texts: [&str; 5],
) -> Attribute {
    let names = ["ttl", "max", "idle", "hibernate_after", "grace"];
    let members = names
        .into_iter()
        .zip(texts)
        .map(|(name, text)| {
            (
                name.to_owned(),
                attribute(AttributeType::String, member.clone(), text),
            )
        })
        .collect();
    attribute(AttributeType::AttributeSingle(members), whole, description)
}

/// A map of strings.
#[must_use]
pub fn string_map() -> AttributeType {
    AttributeType::Map(Box::new(AttributeType::String))
}

/// A list of strings.
#[must_use]
pub fn string_list() -> AttributeType {
    AttributeType::List(Box::new(AttributeType::String))
}

/// A map of strings, as typed.
pub type StringMap = BTreeMap<String, Value<String>>;

/// What an apply answers: the plan's word where it gave one, else what was found. What the ledger came to say between
/// plan and apply (an extension, a hibernation) shows at the next refresh.
#[must_use]
pub fn as_planned<T: Clone>(planned: &Value<T>, found: Value<T>) -> Value<T> {
    match planned {
        Value::Unknown => found,
        Value::Value(_) | Value::Null => planned.clone(),
    }
}

/// The schema of the provider block. Every argument can come from the environment instead.
#[must_use]
pub fn provider_schema() -> Schema {
    use AttributeConstraint::Optional;
    schema(
        "Lifetimes for environments and leases. Everything here is optional, and everything but `run_token` can be set \
         by an environment variable instead; an argument wins over its variable, and a variable over the default.",
        [
            (
                "ledger",
                attribute(
                    AttributeType::String,
                    Optional,
                    "Where the ledger is, for example `sqlite:///srv/ephemeral/ledger.sqlite3`, on Windows with its \
                     drive: `sqlite:///C:/ephemeral/ledger.sqlite3`. Default: a file in the user's state directory. \
                     Variable: `EPHEMERAL_LEDGER`.",
                ),
            ),
            (
                "run_token",
                Attribute {
                    sensitive: true,
                    ..attribute(
                        AttributeType::String,
                        Optional,
                        "The token of an `ephemeral \"ttl_lease\"`. It keeps that lease open until the last resource of \
                         this provider is done, and what is recorded carries the run's id. It lives as long as its run, \
                         so it has no variable.",
                    )
                },
            ),
            (
                "default_owner",
                attribute(
                    AttributeType::String,
                    Optional,
                    "Who answers for environments that name no `owner`. Variable: `EPHEMERAL_DEFAULT_OWNER`.",
                ),
            ),
            (
                "default_team",
                attribute(
                    AttributeType::String,
                    Optional,
                    "The team of environments that name none. Variable: `EPHEMERAL_DEFAULT_TEAM`.",
                ),
            ),
            (
                "default_project",
                attribute(
                    AttributeType::String,
                    Optional,
                    "The project of environments that name none. Variable: `EPHEMERAL_DEFAULT_PROJECT`.",
                ),
            ),
            (
                "required_tags",
                attribute(
                    string_list(),
                    Optional,
                    "Tags that every environment must have, with or without the prefix. \
                     Variable: `EPHEMERAL_REQUIRED_TAGS`, separated by commas.",
                ),
            ),
            (
                "tag_prefix",
                attribute(
                    AttributeType::String,
                    Optional,
                    "What the standard tags begin with. Default: `ephemeral-`. Variable: `EPHEMERAL_TAG_PREFIX`.",
                ),
            ),
            (
                "tag_rules",
                attribute(
                    string_list(),
                    Optional,
                    "The clouds whose rules tags must keep: `aws`, `azure`, `gcp`, `kubernetes`. Default: all four, so \
                     that a tag is valid everywhere. Variable: `EPHEMERAL_TAG_RULES`, separated by commas.",
                ),
            ),
            (
                "default_lifetime",
                lifetime_attribute(
                    Optional,
                    Optional,
                    "Durations of environments that set none. Variable: `EPHEMERAL_DEFAULT_LIFETIME`, for example \
                     `ttl=24h,max=72h`.",
                    [
                        "From the last renewal to expiry. Default: `72h`.",
                        "From creation to the end no renewal passes. Default: `72h`.",
                        "From the last known use to expiry. Default: `8h`.",
                        "From the last known use to hibernation. Default: `4h`.",
                        "From expiry to destruction. Default: `1h`.",
                    ],
                ),
            ),
            (
                "max_lifetime",
                lifetime_attribute(
                    Optional,
                    Optional,
                    "The most an environment may set. Variable: `EPHEMERAL_MAX_LIFETIME`, for example `ttl=72h,max=14d`.",
                    [
                        "The longest `ttl`.",
                        "The longest `max`.",
                        "The longest `idle`.",
                        "The longest `hibernate_after`.",
                        "The longest `grace`.",
                    ],
                ),
            ),
            ("identity", identity::attribute()),
        ],
    )
}
