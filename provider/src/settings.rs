//! Validates the provider block, with environment variables and defaults. Parsed here, never later.
//!
//! Precedence: argument over environment variable over default. An unknown argument makes its setting unknown, and with
//! it what follows from it in a plan; Terraform configures again when it is known.

use ledger::{
    book::location::Location,
    lifetime::Lifetime,
    tags::{Cloud, TagPrefix},
    ttl::Ttl,
};
use tf_provider::{AttributePath, Diagnostics, value::Value};

use crate::{
    config::{ConfigModel, LifetimeModel},
    diag,
    invocation::Invocation,
};

mod identity;
mod lifetime;
mod tags;
mod words;

pub use identity::IdentitySettings;

/// Some of the five durations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SomeLifetime {
    /// From the last renewal.
    pub ttl: Option<Ttl>,
    /// From creation.
    pub max: Option<Ttl>,
    /// From the last use.
    pub idle: Option<Ttl>,
    /// From the last use, to hibernation.
    pub hibernate_after: Option<Ttl>,
    /// From expiry.
    pub grace: Option<Ttl>,
}

impl SomeLifetime {
    /// The five by name.
    #[must_use]
    pub fn members(&self) -> [(&'static str, Option<&Ttl>); 5] {
        [
            ("ttl", self.ttl.as_ref()),
            ("max", self.max.as_ref()),
            ("idle", self.idle.as_ref()),
            ("hibernate_after", self.hibernate_after.as_ref()),
            ("grace", self.grace.as_ref()),
        ]
    }

    fn set(&mut self, name: &str, value: Option<Ttl>) {
        let slot = match name {
            "ttl" => &mut self.ttl,
            "max" => &mut self.max,
            "idle" => &mut self.idle,
            "hibernate_after" => &mut self.hibernate_after,
            _ => &mut self.grace,
        };
        *slot = value;
    }

    /// These, and `below` where there is none.
    #[must_use]
    pub fn or(self, below: Self) -> Self {
        Self {
            ttl: self.ttl.or(below.ttl),
            max: self.max.or(below.max),
            idle: self.idle.or(below.idle),
            hibernate_after: self.hibernate_after.or(below.hibernate_after),
            grace: self.grace.or(below.grace),
        }
    }
}

/// The provider's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the ledger is.
    pub ledger: Location,
    /// Whether that place was configured.
    pub ledger_is_chosen: bool,
    /// `false` while the argument follows from something that is not known before an apply.
    pub ledger_is_known: bool,
    /// The owner where a resource names none.
    pub owner: Value<String>,
    /// The team where a resource names none.
    pub team: Value<String>,
    /// The project where a resource names none.
    pub project: Value<String>,
    /// Tags every environment must have, as far as they are known.
    pub required_tags: Vec<String>,
    /// The prefix of standard tags.
    pub tag_prefix: TagPrefix,
    /// `false` while the argument is not known.
    pub tag_prefix_is_known: bool,
    /// The clouds whose tag rules are enforced, as far as that is known.
    pub tag_rules: Vec<Cloud>,
    /// Durations where a resource sets none.
    pub lifetime: Lifetime,
    /// `false` while one of the durations that these follow from is not known.
    pub lifetime_is_known: bool,
    /// The most a resource may set, as far as it is known.
    pub maximum: SomeLifetime,
    /// The way to a verified identity.
    pub identity: IdentitySettings,
}

struct Resolver<'a> {
    invocation: &'a Invocation,
    diags: &'a mut Diagnostics,
}

/// Validates `config`. Every problem is reported; the setting then stands at its default.
#[must_use]
pub fn resolve(config: &ConfigModel, invocation: &Invocation, diags: &mut Diagnostics) -> Settings {
    let mut resolver = Resolver { invocation, diags };
    let tag_rules = resolver.tag_rules(&config.tag_rules);
    let tag_prefix = resolver.parsed(
        AttributePath::new("tag_prefix"),
        "EPHEMERAL_TAG_PREFIX",
        &config.tag_prefix,
        |text| {
            words::not_blank("tag_prefix", "ephemeral-", text)?;
            TagPrefix::parse(text, &tag_rules).map_err(|error| error.to_string())
        },
    );
    let ledger = resolver.parsed(
        AttributePath::new("ledger"),
        "EPHEMERAL_LEDGER",
        &config.ledger,
        Location::parse,
    );
    let maximum = resolver.lifetime(
        "max_lifetime",
        "EPHEMERAL_MAX_LIFETIME",
        &config.max_lifetime,
    );
    let defaults = resolver.lifetime(
        "default_lifetime",
        "EPHEMERAL_DEFAULT_LIFETIME",
        &config.default_lifetime,
    );
    let lifetime = resolver.default_lifetime(&config.default_lifetime, defaults, &maximum);
    let required_tags = resolver.list(
        "required_tags",
        "EPHEMERAL_REQUIRED_TAGS",
        "cost-centre",
        &config.required_tags,
    );
    let tag_prefix = tag_prefix.unwrap_or_default();
    if !matches!(config.tag_prefix, Value::Unknown) {
        resolver.required_tags_can_be_set(&required_tags, &tag_prefix, &tag_rules);
    }
    let identity = resolver.identity(&config.identity);
    Settings {
        // Also where it was chosen wrongly, which was reported.
        ledger_is_chosen: match config.ledger {
            Value::Value(_) => true,
            Value::Null => invocation.variable("EPHEMERAL_LEDGER").is_some(),
            Value::Unknown => false,
        },
        ledger_is_known: !matches!(config.ledger, Value::Unknown),
        // Without a state home there is none, and the configuration is refused.
        ledger: ledger
            .unwrap_or_else(|| Location::default_in(&invocation.state_home().unwrap_or_default())),
        owner: resolver.word(
            "default_owner",
            "EPHEMERAL_DEFAULT_OWNER",
            "ana",
            &config.default_owner,
        ),
        team: resolver.word(
            "default_team",
            "EPHEMERAL_DEFAULT_TEAM",
            "checkout",
            &config.default_team,
        ),
        project: resolver.word(
            "default_project",
            "EPHEMERAL_DEFAULT_PROJECT",
            "shop",
            &config.default_project,
        ),
        required_tags: required_tags.into_iter().map(|(tag, _)| tag).collect(),
        tag_prefix,
        tag_prefix_is_known: !matches!(config.tag_prefix, Value::Unknown),
        tag_rules,
        lifetime,
        lifetime_is_known: is_known(&config.default_lifetime) && is_known(&config.max_lifetime),
        maximum,
        identity,
    }
}

/// `some`, and `below` where there is none. Unless it was asked to, a `ttl` is not longer than `max`, and hibernation waits
/// no longer than the idle end.
#[must_use]
pub fn complete(some: SomeLifetime, below: &Lifetime) -> Lifetime {
    let idle = some.idle.unwrap_or_else(|| below.idle.clone());
    let max = some.max.unwrap_or_else(|| below.max.clone());
    Lifetime {
        ttl: some
            .ttl
            .unwrap_or_else(|| below.ttl.clone().min(max.clone())),
        max,
        hibernate_after: some
            .hibernate_after
            .unwrap_or_else(|| below.hibernate_after.clone().min(idle.clone())),
        idle,
        grace: some.grace.unwrap_or_else(|| below.grace.clone()),
    }
}

/// Whether all of `lifetime` is known.
fn is_known(lifetime: &Value<LifetimeModel>) -> bool {
    match lifetime {
        Value::Unknown => false,
        Value::Null => true,
        Value::Value(model) => model
            .members()
            .iter()
            .all(|(_, text)| !matches!(text, Value::Unknown)),
    }
}

impl Resolver<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.invocation.variable(name).map(str::to_owned)
    }

    /// The parsed argument at `place`, else its parsed variable.
    fn parsed<T, E: std::fmt::Display>(
        &mut self,
        place: AttributePath,
        variable: &str,
        value: &Value<String>,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Option<T> {
        let parsed = match value {
            Value::Unknown => return None,
            Value::Value(text) => {
                parse(text).map_err(|error| diag::invalid_configuration(place, &error))
            }
            Value::Null => parse(&self.variable(variable)?)
                .map_err(|error| diag::invalid_variable(variable, &error)),
        };
        parsed.map_err(|problem| self.diags.add_error(problem)).ok()
    }

    /// The elements, each with where it stands; `None` for a variable's.
    fn list(
        &mut self,
        attribute: &'static str,
        variable: &str,
        example: &str,
        value: &Value<Vec<Value<String>>>,
    ) -> Vec<(String, Option<i64>)> {
        let elements = match value {
            Value::Value(elements) => elements,
            Value::Unknown => return Vec::new(),
            Value::Null => {
                let text = self.variable(variable).unwrap_or_default();
                let parts = text.split(',').map(str::trim);
                return parts
                    .filter(|part| !part.is_empty())
                    .map(|part| (part.to_owned(), None))
                    .collect();
            }
        };
        let mut known = Vec::new();
        for (place, element) in (0_i64..).zip(elements) {
            match element {
                Value::Value(text) if !text.trim().is_empty() => {
                    known.push((text.clone(), Some(place)));
                }
                Value::Unknown => {}
                Value::Value(_) | Value::Null => {
                    let problem = diag::empty_element(attribute, place, example);
                    self.diags.add_error(problem);
                }
            }
        }
        known
    }
}

#[cfg(test)]
mod tests;
