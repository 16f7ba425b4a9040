//! Diagnostics on a lease: its environment and its renewals.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};

/// A target that is null or empty.
#[must_use]
pub fn empty_target(place: i64) -> Diagnostic {
    at(
        AttributePath::new("targets").index(place),
        Title::EmptyTarget,
        "A target names what the lease is for, for example `aws_instance.bastion`. Remove the element, or set it."
            .to_owned(),
    )
}

/// The lease names an environment that is not there.
#[must_use]
pub fn unknown_environment(name: &str) -> Diagnostic {
    at(
        AttributePath::new("environment"),
        Title::UnknownEnvironment,
        format!(
            "The ledger has no living environment with the id or name `{name}`. Refer to the resource, for example \
             `environment = ephemeral_environment.preview.id`, or leave the argument out."
        ),
    )
}

/// A lease that could never last as long as it says.
#[must_use]
pub fn over_maximum_ttl(ttl: &str, most: &str) -> Diagnostic {
    at(
        AttributePath::new("ttl"),
        Title::InvalidLease,
        format!(
            "`ttl` ({ttl}) is longer than `max_ttl` ({most}). Lower `ttl`, or raise `max_ttl`."
        ),
    )
}

/// A renewal that comes after the end no renewal passes.
#[must_use]
pub fn past_maximum_ttl(id: &str, end: &str) -> Diagnostic {
    at(
        AttributePath::new("max_ttl"),
        Title::LeasePastItsMaximum,
        format!(
            "{id} reached its maximum lifetime at {end}, so it was not renewed. Raise `max_ttl`, or replace \
             the lease with `terraform apply -replace=ADDRESS`."
        ),
    )
}
