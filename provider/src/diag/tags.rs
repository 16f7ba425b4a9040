//! Diagnostics on tags.

use tf_provider::{AttributePath, Diagnostic};

use super::at;

/// Tags that the provider's configuration requires.
#[must_use]
pub fn missing_tags(missing: &[String]) -> Diagnostic {
    let example = missing.first().map_or("cost-centre", String::as_str);
    at(
        AttributePath::new("tags"),
        "Missing Required Tags",
        format!(
            "The provider requires these tags, and they are not set: {}. Add them, for example \
             `tags = {{ \"{example}\" = \"…\" }}`. Nothing was created.",
            missing.join(", ")
        ),
    )
}

/// A tag element that is null.
#[must_use]
pub fn null_tag(key: &str) -> Diagnostic {
    at(
        AttributePath::new("tags").key(key.to_owned()),
        "Invalid Tag",
        "The tag has no value. Remove the key, or give it one, for example `\"checkout\"`."
            .to_owned(),
    )
}
