//! Diagnostics on tags.

use std::fmt::Display;

use ledger::tags::MAX_TAGS;
use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused};

/// A tag that a cloud would refuse.
#[must_use]
pub fn invalid_tag(key: &str, error: &impl Display) -> Diagnostic {
    let at = AttributePath::new("tags").key(key.to_owned());
    refused(Title::InvalidTag, at, error)
}

/// A word that becomes a tag, and that a cloud would refuse.
#[must_use]
pub fn invalid_tag_value(attribute: &'static str, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidTagValue, AttributePath::new(attribute), error)
}

/// More tags than an object carries.
#[must_use]
pub fn too_many_tags(declared: usize, all: usize) -> Diagnostic {
    at(
        AttributePath::new("tags"),
        Title::TooManyTags,
        format!(
            "With the standard ones, the {declared} tags are {all} tags, and an object carries at most {MAX_TAGS} on AWS \
             and Azure. Remove some."
        ),
    )
}

/// Tags that the provider's configuration requires.
#[must_use]
pub fn missing_tags(missing: &[String]) -> Diagnostic {
    let example = missing.first().map_or("cost-centre", String::as_str);
    at(
        AttributePath::new("tags"),
        Title::MissingTags,
        format!(
            "The provider requires these tags, and they are not set, or empty: {}. Add them, for example \
             `tags = {{ \"{example}\" = \"…\" }}`. Nothing was created.",
            missing.join(", ")
        ),
    )
}

/// A tag that the provider sets itself.
#[must_use]
pub fn reserved_tag(key: &str) -> Diagnostic {
    at(
        AttributePath::new("tags").key(key.to_owned()),
        Title::ReservedTag,
        "The provider sets this tag itself, from `name`, `owner`, `team`, `project` and `pull_request`, so a declared one \
         would be lost. Set the attribute instead, for example `owner = \"ana\"`, or give the tag another key."
            .to_owned(),
    )
}

/// A tag element that is null.
#[must_use]
pub fn null_tag(key: &str) -> Diagnostic {
    at(
        AttributePath::new("tags").key(key.to_owned()),
        Title::NullTag,
        "The tag has no value. Remove the key, or give it one, for example `\"checkout\"`."
            .to_owned(),
    )
}
