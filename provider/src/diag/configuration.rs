//! Diagnostics on the provider block and what was typed in a resource.

use std::fmt::Display;

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused, sentence};

/// An argument of the provider block that cannot be understood.
#[must_use]
pub fn invalid_configuration(attribute: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidConfiguration, attribute, error)
}

/// A duration that cannot be understood.
#[must_use]
pub fn invalid_duration(attribute: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidDuration, attribute, error)
}

/// An optional argument that is there and says nothing.
#[must_use]
pub fn empty_value(attribute: &'static str) -> Diagnostic {
    at(
        AttributePath::new(attribute),
        Title::EmptyValue,
        format!("`{attribute}` must not be empty. Set a value, or remove the argument."),
    )
}

/// A variable of the environment that could not be read.
#[must_use]
pub fn invalid_variable(name: &str, error: &impl Display) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::InvalidVariable,
        format!(
            "While reading the environment variable {name}: {}. Correct it, or set the argument in the provider block. Where \
             no such block is written, Terraform also says that it is required: that follows from this and asks for nothing.",
            sentence(&error.to_string())
        ),
    )
}

/// An element of a list that is null or empty.
#[must_use]
pub fn empty_element(attribute: &'static str, place: i64, example: &str) -> Diagnostic {
    at(
        AttributePath::new(attribute).index(place),
        Title::InvalidConfiguration,
        format!("The element is empty. Remove it, or set a value, for example `\"{example}\"`."),
    )
}

/// An apply that was asked to work with unknown values.
#[must_use]
pub fn incomplete_plan() -> Diagnostic {
    at(
        AttributePath::root(),
        Title::IncompletePlan,
        "The provider was asked to apply a plan with values that are still unknown, and wrote nothing. This is a bug in \
         the provider or in Terraform; please report it with the plan's output."
            .to_owned(),
    )
}
