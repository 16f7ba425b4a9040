//! Diagnostics on the lease of a run and on its token.

use std::fmt::Display;

use ledger::{
    book::BookError,
    clock::{Timestamp, rfc3339},
    id::RunId,
    run::{RunEnd, RunTokenError},
};
use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused, sentence};

/// An environment that could never exist.
#[must_use]
pub fn invalid_run_environment(error: &impl Display) -> Diagnostic {
    refused(Title::InvalidName, AttributePath::new("environment"), error)
}

/// A ttl that is too short to be renewed in time, or so long that a death shows too late.
#[must_use]
pub fn run_ttl_out_of_bounds(found: &str) -> Diagnostic {
    at(
        AttributePath::new("ttl"),
        Title::RunTtlOutOfBounds,
        format!(
            "`ttl` is {found}, and a run lease lasts from `5s` to `1h` between two signs of life. Write for example \
             `ttl = \"2m\"`, or leave it out."
        ),
    )
}

/// A label without a value.
#[must_use]
pub fn null_label(key: &str) -> Diagnostic {
    at(
        AttributePath::new("labels").key(key.to_owned()),
        Title::NullLabel,
        "The label has no value. Remove the key, or give it one, for example `\"deploy\"`."
            .to_owned(),
    )
}

/// The system has no random numbers.
#[must_use]
pub fn run_not_opened() -> Diagnostic {
    at(
        AttributePath::root(),
        Title::RunNotOpened,
        "The operating system provided no random numbers for the run's token. Nothing was recorded. Try again."
            .to_owned(),
    )
}

/// A run whose lease cannot be renewed any more.
#[must_use]
pub fn run_lost(run: Option<(&RunId, Option<RunEnd>)>) -> Diagnostic {
    let found = match run {
        None => "Terraform returned private data that the opening did not write".to_owned(),
        Some((id, None)) => format!("The ledger no longer has {id}"),
        Some((id, Some(RunEnd::Closed { at }))) => {
            format!("{id} was closed at {}", rfc3339(at))
        }
        Some((id, Some(RunEnd::Died { at, noted_at }))) => format!(
            "{id} gave no sign of life until {}, and a sweep noted its death at {}",
            rfc3339(at),
            rfc3339(noted_at)
        ),
    };
    at(
        AttributePath::root(),
        Title::RunLost,
        format!(
            "{found}, so the lease of this run cannot be renewed. Look at the environment with `sweeper explain`, then \
             run Terraform again; where renewals come late, raise `ttl`."
        ),
    )
}

/// A run whose death was noted, and which came to its end all the same.
#[must_use]
pub fn run_counted_as_dead(id: &RunId) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::RunCountedAsDead,
        format!(
            "{id} gave no sign of life for its whole `ttl`, and a sweep noted its death while it was at work. Look at \
             the environment with `sweeper explain`, and raise `ttl` if this host sleeps or is slow."
        ),
    )
}

/// A lease that ends by its ttl, because the close could not be written.
#[must_use]
pub fn run_not_closed(id: &RunId, error: &BookError) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::RunNotClosed,
        format!(
            "While closing the lease of {id}: {}. The run itself is not affected; its lease ends by its `ttl`, and until \
             then its environment is kept.",
            sentence(&error.to_string())
        ),
    )
}

/// A token that is none. What was typed may be a secret and is not repeated.
#[must_use]
pub fn invalid_run_token(error: &RunTokenError) -> Diagnostic {
    refused(
        Title::InvalidRunToken,
        AttributePath::new("run_token"),
        error,
    )
}

/// A token that could not be checked.
#[must_use]
pub fn run_token_not_checked(error: &BookError) -> Diagnostic {
    at(
        AttributePath::new("run_token"),
        Title::UnknownRun,
        format!(
            "While checking the token of the run: {}. Give this provider the ledger in which the run was opened.",
            sentence(&error.to_string())
        ),
    )
}

/// A token of no run that this ledger knows.
#[must_use]
pub fn unknown_run(id: &RunId) -> Diagnostic {
    at(
        AttributePath::new("run_token"),
        Title::UnknownRun,
        format!(
            "The token belongs to {id}, and the ledger has no such run with this token. Write `run_token = \
             ephemeral.ttl_lease.run.token`, and give the provider that opens the run and this one the same `ledger`."
        ),
    )
}

/// A token of a run that is over.
#[must_use]
pub fn run_is_over(id: &RunId, how: &str, since: Timestamp) -> Diagnostic {
    at(
        AttributePath::new("run_token"),
        Title::RunIsOver,
        format!(
            "{id} is {how} since {}, and its token ended with it. Tokens live as long as the run that opened them: take \
             it from an `ephemeral \"ttl_lease\"` of this configuration, and never keep one.",
            rfc3339(since)
        ),
    )
}
