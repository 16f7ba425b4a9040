//! The plan of an apply, from the configuration and the state before. Never reads a clock: an instant that is not
//! known from before is unknown until it has happened.

use ledger::{environment::OnExpiry, tags::StandardTag, tags::TagSet};
use tf_provider::{Diagnostics, value::Value};

use super::{
    model::{EnvironmentModel, string_map},
    validate::validate,
};
use crate::{
    attributes::StringMap,
    config::LifetimeModel,
    settings::{Settings, SomeLifetime, complete},
};

/// The plan of a creation; `None` if something is wrong, which was reported.
#[must_use]
pub fn create(
    config: &EnvironmentModel,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Option<EnvironmentModel> {
    let mut planned = filled(config, settings);
    let tags = default_tags(&planned, settings, diags)?;
    planned.id = Value::Unknown;
    planned.generation = Value::Unknown;
    planned.created_at = Value::Unknown;
    planned.expires_at = Value::Unknown;
    planned.hard_expires_at = Value::Unknown;
    planned.phase = Value::Unknown;
    planned.running = Value::Value(true);
    planned.state_address = Value::Unknown;
    planned.configuration = Value::Unknown;
    planned.default_tags = as_value(tags.as_ref());
    planned.tags_all = Value::Unknown;
    Some(planned)
}

/// The root module, as far as a plan can see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Where the state is, in words, if that could be found out.
    pub address: Option<String>,
    /// A digest of the configuration.
    pub configuration: String,
}

/// The plan of an update.
#[must_use]
pub fn update(
    prior: &EnvironmentModel,
    config: &EnvironmentModel,
    sight: &Sight,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Option<EnvironmentModel> {
    let mut planned = filled(config, settings);
    let tags = default_tags(&planned, settings, diags)?;
    planned.id = prior.id.clone();
    planned.generation = prior.generation;
    planned.created_at = prior.created_at.clone();
    planned.running = prior.running;
    planned.default_tags = as_value(tags.as_ref());
    planned.tags_all = match tags {
        Some(tags) => Value::Value(string_map(&with_identity(tags, prior, settings))),
        None => Value::Unknown,
    };

    let renews = renews(prior, &planned);
    let relives = planned.lifetime != prior.lifetime;
    let after = |changes: bool, value: &Value<String>| {
        if changes {
            Value::Unknown
        } else {
            value.clone()
        }
    };
    planned.expires_at = after(renews || relives, &prior.expires_at);
    planned.hard_expires_at = after(relives, &prior.hard_expires_at);
    planned.phase = after(renews || relives, &prior.phase);
    // An address that cannot be found out from here stays what it was: not knowing is not a move.
    let moved = planned.state != prior.state
        || sight
            .address
            .as_ref()
            .is_some_and(|found| prior.state_address.as_ref_option() != Some(found));
    // A configuration that changed is kept anew, so that a protection added today is known to the sweeper tomorrow.
    let rewritten = prior.configuration.as_ref_option() != Some(&sight.configuration);
    planned.state_address = prior.state_address.clone();
    planned.configuration = prior.configuration.clone();
    // What is seen now may be another thing by the time of the apply, and Terraform then plans again and compares. So an
    // update for whatever reason knows neither.
    if moved || rewritten || planned != *prior {
        planned.state_address = Value::Unknown;
        planned.configuration = Value::Unknown;
    }
    Some(planned)
}

/// Whether `planned` sets the clock of the lifetime back to full.
#[must_use]
pub fn renews(prior: &EnvironmentModel, planned: &EnvironmentModel) -> bool {
    planned.triggers != prior.triggers
}

/// `config` with the provider's defaults where it sets nothing.
#[must_use]
pub fn filled(config: &EnvironmentModel, settings: &Settings) -> EnvironmentModel {
    let mut model = config.clone();
    let or = |value: &Value<String>, default: &Value<String>| match value {
        Value::Null => default.clone(),
        _ => value.clone(),
    };
    let or_word = |value, default: &str| or(value, &Value::Value(default.to_owned()));
    model.owner = or(&config.owner, &settings.owner);
    model.team = or(&config.team, &settings.team);
    model.project = or(&config.project, &settings.project);
    model.on_expiry = or_word(&config.on_expiry, OnExpiry::default().as_str());
    model.lifetime = match &config.lifetime {
        Value::Unknown => Value::Unknown,
        Value::Null => Value::Value(filled_lifetime(&LifetimeModel::default(), settings)),
        Value::Value(lifetime) => Value::Value(filled_lifetime(lifetime, settings)),
    };
    if let Value::Value(request) = &mut model.pull_request {
        request.forge = or_word(&request.forge, "github");
    }
    model
}

fn filled_lifetime(model: &LifetimeModel, settings: &Settings) -> LifetimeModel {
    // The default of `ttl` follows from `max`, that of `hibernate_after` from `idle`: completed together.
    let parsed = |value: &Value<String>| {
        let text = value.as_ref_option()?;
        ledger::ttl::Ttl::parse(text).ok()
    };
    let known = SomeLifetime {
        max: parsed(&model.max),
        idle: parsed(&model.idle),
        ..SomeLifetime::default()
    };
    let defaults = complete(known, &settings.lifetime);
    let or = |value: &Value<String>, default: &ledger::ttl::Ttl| match value {
        Value::Null if !settings.lifetime_is_known => Value::Unknown,
        Value::Null => Value::Value(default.spelling().to_owned()),
        _ => value.clone(),
    };
    let or_after = |value: &Value<String>, limit: &Value<String>, default| match (value, limit) {
        (Value::Null, Value::Unknown) => Value::Unknown,
        _ => or(value, default),
    };
    LifetimeModel {
        ttl: or_after(&model.ttl, &model.max, &defaults.ttl),
        max: or(&model.max, &defaults.max),
        idle: or(&model.idle, &defaults.idle),
        hibernate_after: or_after(
            &model.hibernate_after,
            &model.idle,
            &defaults.hibernate_after,
        ),
        grace: or(&model.grace, &defaults.grace),
    }
}

/// The default tags if all they follow from is known; the outer `None` if something is wrong, which was reported.
fn default_tags(
    planned: &EnvironmentModel,
    settings: &Settings,
    diags: &mut Diagnostics,
) -> Option<Option<TagSet>> {
    let before = diags.errors.len();
    let validated = validate(planned, Some(settings), diags);
    (diags.errors.len() == before).then(|| validated.default_tags(settings))
}

/// `tags` with the creation time and the id, as they were given at creation.
fn with_identity(mut tags: TagSet, prior: &EnvironmentModel, settings: &Settings) -> TagSet {
    let created = prior
        .created_at
        .as_ref_option()
        .map(|at| ledger::tags::safe_value(at));
    let prefix = &settings.tag_prefix;
    if let Some(created) = created {
        tags.insert(prefix.key(StandardTag::CreatedAt), created);
    }
    if let Some(id) = prior.id.as_ref_option() {
        tags.insert(prefix.key(StandardTag::LeaseId), id.clone());
    }
    tags
}

fn as_value(tags: Option<&TagSet>) -> Value<StringMap> {
    tags.map_or(Value::Unknown, |tags| Value::Value(string_map(tags)))
}
