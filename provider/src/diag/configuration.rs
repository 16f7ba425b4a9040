//! Diagnostics on the provider block and what was typed in a resource.

use std::fmt::Display;

use tf_provider::{AttributePath, Diagnostic};

use super::{at, sentence};

/// A value that one of the ledger's parsers refused.
#[must_use]
pub fn invalid(what: &'static str, attribute: AttributePath, error: &impl Display) -> Diagnostic {
    at(
        attribute,
        what,
        format!("{}.", sentence(&error.to_string())),
    )
}

/// A variable of the environment that could not be read.
#[must_use]
pub fn invalid_variable(name: &str, error: &impl Display) -> Diagnostic {
    at(
        AttributePath::root(),
        "Invalid Environment Variable",
        format!(
            "While reading the environment variable {name}: {}. Correct it, or set the argument in the provider block.",
            sentence(&error.to_string())
        ),
    )
}

/// An element of a list that is null or empty.
#[must_use]
pub fn empty_element(attribute: &'static str, place: i64, example: &str) -> Diagnostic {
    at(
        AttributePath::new(attribute).index(place),
        "Invalid Provider Configuration",
        format!(
            "The element says nothing. Remove it, or name something, for example `\"{example}\"`."
        ),
    )
}

/// An apply that was asked to work with unknown values.
#[must_use]
pub fn incomplete_plan() -> Diagnostic {
    at(
        AttributePath::root(),
        "Incomplete Plan",
        "The provider was asked to apply a plan with values that are still unknown, and wrote nothing. This is a bug in \
         the provider or in Terraform; please report it with the plan's output."
            .to_owned(),
    )
}
