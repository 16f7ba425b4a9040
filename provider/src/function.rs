//! The functions of the provider, `provider::ephemeral::NAME(…)`: one per file. Each is pure: no clock, no ledger, no
//! configuration, so that the same arguments give the same answer in every plan.

use plugin::Types;
use tf_provider::schema::{Description, FunctionSchema, Parameter, Type};
use tf_provider::{AttributePath, Diagnostic, Diagnostics};

mod duration;
mod expires_at;
mod profile_for;
mod slug;
mod tags;

/// Adds every function.
pub fn add_to(types: &mut Types) {
    types.function("duration", duration::DurationFunction);
    types.function("expires_at", expires_at::ExpiresAtFunction);
    types.function("profile_for", profile_for::ProfileForFunction);
    types.function("slug", slug::SlugFunction);
    types.function("tags", tags::TagsFunction);
}

/// A signature. `summary` is one line, `description` is the body of its page.
fn signature<const N: usize>(
    summary: &str,
    description: &str,
    parameters: [Parameter; N],
    variadic: Option<Parameter>,
    return_type: Type,
) -> FunctionSchema {
    FunctionSchema {
        parameters: parameters.into(),
        variadic,
        return_type,
        summary: summary.to_owned(),
        description: Description::markdown(description),
        deprecated: None,
    }
}

/// A parameter that takes neither null nor unknown.
fn parameter(name: &str, param_type: Type, description: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        param_type,
        description: Description::markdown(description),
        ..Parameter::default()
    }
}

/// `value`, or the error reported.
fn accept<T>(value: Result<T, Diagnostic>, diags: &mut Diagnostics) -> Option<T> {
    value.map_err(|problem| diags.add_error(problem)).ok()
}

/// The argument at `place`, from 0.
fn argument(place: i64) -> AttributePath {
    AttributePath::function_argument(place)
}
