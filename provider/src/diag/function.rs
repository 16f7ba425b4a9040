//! Diagnostics on the arguments of functions.

use std::fmt::Display;

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused};

/// An instant that cannot be understood, or a sum that is none.
#[must_use]
pub fn invalid_timestamp(argument: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidTimestamp, argument, error)
}

/// A text, or an element of a list of texts, that says nothing.
#[must_use]
pub fn empty_text(argument: AttributePath, example: &str) -> Diagnostic {
    at(
        argument,
        Title::EmptyText,
        format!("A text is empty. Set a value, for example `{example}`."),
    )
}

/// A greatest length that is none.
#[must_use]
pub fn invalid_length(argument: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidLength, argument, error)
}

/// A cloud whose rules are not known.
#[must_use]
pub fn unknown_cloud(argument: AttributePath) -> Diagnostic {
    at(
        argument,
        Title::UnknownCloud,
        "This cloud is not supported. Use one of `aws`, `azure`, `gcp` and `kubernetes`."
            .to_owned(),
    )
}

/// Tags that the named cloud would refuse.
#[must_use]
pub fn invalid_tags(argument: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidTags, argument, error)
}

/// A rule for profiles that cannot be understood.
#[must_use]
pub fn invalid_rule(argument: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidRule, argument, error)
}
