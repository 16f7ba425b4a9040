//! Diagnostics on the lifecycle of a life: over its maximum, over already, being ended.

use std::fmt::Display;

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, member, refused};

/// Two durations that contradict each other.
#[must_use]
pub fn invalid_lifetime(part: &'static str, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidLifetime, member("lifetime", part), error)
}

/// A duration over what the provider's configuration allows.
#[must_use]
pub fn over_maximum(attribute: AttributePath, name: &str, found: &str, most: &str) -> Diagnostic {
    at(
        attribute,
        Title::OverMaximum,
        format!(
            "`{name}` is {found}, and the provider allows at most {most}. Lower it, for example `{name} = \"{most}\"`, \
             or have `max_lifetime` raised in the provider block. Nothing was created."
        ),
    )
}

/// A renewal that comes after the end no renewal passes.
#[must_use]
pub fn renewed_past_the_end(id: &str, end: &str) -> Diagnostic {
    at(
        AttributePath::new("triggers"),
        Title::RenewedPastTheEnd,
        format!(
            "{id} reached its hard end at {end}, so it stays expired. Raise `lifetime.max`, or \
             replace it with `terraform apply -replace=ADDRESS`."
        ),
    )
}

/// The record is over, and an update came.
#[must_use]
pub fn already_over(id: &str, phase: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::AlreadyOver,
        format!(
            "{id} is {phase} in the ledger and cannot be changed. Plan again to create a new one."
        ),
    )
}

/// A sweeper is destroying it.
#[must_use]
pub fn being_destroyed(id: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::BeingDestroyed,
        format!(
            "A sweeper is destroying {id}, so it cannot be changed or renewed. Wait until it is \
             finished (`sweeper show {id}`), then plan again."
        ),
    )
}

/// A sweeper's terraform whose claim is over came to delete the marker.
#[must_use]
pub fn claim_is_over(id: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::ClaimIsOver,
        format!(
            "EPHEMERAL_FENCE says that a sweeper destroys {id}, but the ledger no longer has that claim: the environment was renewed, or another sweeper took over. Nothing was released. A sweeper sets that variable for its own \
             terraform; if you did, unset it."
        ),
    )
}
