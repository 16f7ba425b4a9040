//! Diagnostics on an environment: its owner and its name.

use std::fmt::Display;

use ledger::{clock::rfc3339, environment::Environment};
use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, member, refused};

/// A name that is none.
#[must_use]
pub fn invalid_name(error: &impl Display) -> Diagnostic {
    refused(Title::InvalidName, AttributePath::new("name"), error)
}

/// A part of `pull_request` that is none.
#[must_use]
pub fn invalid_pull_request(part: &'static str, error: &impl Display) -> Diagnostic {
    refused(
        Title::InvalidPullRequest,
        member("pull_request", part),
        error,
    )
}

/// A choice that does not exist.
#[must_use]
pub fn invalid_on_expiry(found: &str) -> Diagnostic {
    at(
        AttributePath::new("on_expiry"),
        Title::InvalidOnExpiry,
        format!("`{found}` is not a choice. Write `destroy` or `review`."),
    )
}

/// It has no owner.
#[must_use]
pub fn missing_owner() -> Diagnostic {
    at(
        AttributePath::new("owner"),
        Title::MissingOwner,
        "Every environment needs an owner, and neither this resource nor the provider sets one. \
         Set `owner` here, for example `owner = \"ana\"`, or `default_owner` in the provider block, or the environment \
         variable EPHEMERAL_DEFAULT_OWNER."
            .to_owned(),
    )
}

/// A name that a living environment of another state has.
#[must_use]
pub fn name_in_use(living: &Environment) -> Diagnostic {
    let place = living
        .state
        .as_ref()
        .map_or_else(|| "an unknown state".to_owned(), ToString::to_string);
    at(
        AttributePath::new("name"),
        Title::NameInUse,
        format!(
            "The environment `{name}` already exists in another state: {id}, owned by {owner}, in {place}, until {end}. \
             Choose another name; or, if that state is yours and gone, give the name back with \
             `sweeper release {name} --reason \"its state is gone\"`.",
            name = living.name,
            id = living.id,
            owner = living.owner,
            end = rfc3339(living.expires_at()),
        ),
    )
}

/// Two resources of one configuration with one name.
#[must_use]
pub fn name_used_twice(name: &str) -> Diagnostic {
    at(
        AttributePath::new("name"),
        Title::NameUsedTwice,
        format!(
            "This apply has created an environment `{name}` already, and one state has one environment. Remove one of \
             the two resources, or keep them in two states."
        ),
    )
}
