//! The provider block: its attributes, as typed. What is meant is in [`crate::settings`].

use serde::{Deserialize, Serialize};
use tf_provider::{
    schema::{
        AttributeConstraint::{self, Optional},
        AttributeType,
    },
    value::Value,
};

use crate::attributes::{attributes, nested};

mod identity;

pub use identity::IdentityModel;

attributes! {
    /// Lifetimes for environments and leases. Everything here is optional, and everything but `run_token` can be set by
    /// an environment variable instead; an argument wins over its variable, and a variable over the default.
    #[derive(Debug, Clone, Default, Serialize, Deserialize)]
    pub struct ConfigModel {
        /// Where the ledger is, for example `sqlite:///srv/ephemeral/ledger.sqlite3`, on Windows with its drive:
        /// `sqlite:///C:/ephemeral/ledger.sqlite3`. Default: a file in the user's state directory. Variable:
        /// `EPHEMERAL_LEDGER`.
        pub ledger: Optional String,
        /// The token of an `ephemeral "ttl_lease"`. It keeps that lease open until the last resource of this provider is
        /// done, and what is recorded carries the run's id. It lives as long as its run, so it has no variable.
        pub run_token: Optional String; sensitive,
        /// Who answers for environments that name no `owner`. Variable: `EPHEMERAL_DEFAULT_OWNER`.
        pub default_owner: Optional String,
        /// The team of environments that name none. Variable: `EPHEMERAL_DEFAULT_TEAM`.
        pub default_team: Optional String,
        /// The project of environments that name none. Variable: `EPHEMERAL_DEFAULT_PROJECT`.
        pub default_project: Optional String,
        /// Tags that every environment must have, with or without the prefix. Variable: `EPHEMERAL_REQUIRED_TAGS`,
        /// separated by commas.
        pub required_tags: Optional Vec<Value<String>>,
        /// What the standard tags begin with. Default: `ephemeral-`. Variable: `EPHEMERAL_TAG_PREFIX`.
        pub tag_prefix: Optional String,
        /// The clouds whose rules tags must keep: `aws`, `azure`, `gcp`, `kubernetes`. Default: all four, so that a tag is
        /// valid everywhere. Variable: `EPHEMERAL_TAG_RULES`, separated by commas.
        pub tag_rules: Optional Vec<Value<String>>,
        /// Durations of environments that set none. Variable: `EPHEMERAL_DEFAULT_LIFETIME`, for example
        /// `ttl=24h,max=72h`.
        pub default_lifetime: Optional LifetimeModel = lifetime(Optional, [
            "From the last renewal to expiry. Default: `72h`.",
            "From creation to the end no renewal passes. Default: `72h`.",
            "From the last known use to expiry. Default: `8h`.",
            "From the last known use to hibernation. Default: `4h`.",
            "From expiry to destruction. Default: `1h`.",
        ]),
        /// The most an environment may set. Variable: `EPHEMERAL_MAX_LIFETIME`, for example `ttl=72h,max=14d`.
        pub max_lifetime: Optional LifetimeModel = lifetime(Optional, [
            "The longest `ttl`.",
            "The longest `max`.",
            "The longest `idle`.",
            "The longest `hibernate_after`.",
            "The longest `grace`.",
        ]),
        /// How it is found out who runs this. Where a token of OpenID Connect can be had, it is checked, and records say
        /// `verified`; else the variables of the CI system or the local user are taken, and records say `claimed`.
        pub identity: Optional IdentityModel,
    }
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

/// The type of an attribute with the five durations.
#[must_use]
pub fn lifetime(constraint: AttributeConstraint, texts: [&str; 5]) -> AttributeType {
    let [ttl, max, idle, hibernate_after, grace] = texts;
    let texts = [
        ("ttl", ttl),
        ("max", max),
        ("idle", idle),
        ("hibernate_after", hibernate_after),
        ("grace", grace),
    ];
    nested(texts.map(|(name, text)| (name, AttributeType::String, constraint.clone(), text)))
}

/// The answer of an apply: the planned value where it is known, else the found one. A change in the ledger between
/// plan and apply (an extension, a hibernation) shows at the next refresh.
#[must_use]
pub fn as_planned<T: Clone>(planned: &Value<T>, found: Value<T>) -> Value<T> {
    match planned {
        Value::Unknown => found,
        Value::Value(_) | Value::Null => planned.clone(),
    }
}
