//! Diagnostics on the ledger: not reachable, not known yet, not the right one.

use ledger::book::{BookError, location::NoStateHome};
use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused, sentence};

/// The ledger could not do what was asked.
#[must_use]
pub fn ledger(doing: &str, error: &BookError) -> Diagnostic {
    let remedy = error
        .remedy()
        .map_or_else(String::new, |remedy| format!(" {}.", sentence(remedy)));
    at(
        AttributePath::root(),
        Title::Ledger,
        format!(
            "While {doing}: {}. Nothing was changed.{remedy} The provider's `ledger` argument or EPHEMERAL_LEDGER says \
             where the ledger is.",
            sentence(&error.to_string()),
        ),
    )
}

/// The ledger that answers is not the one that made the promise.
#[must_use]
pub fn another_ledger(id: &str, expected: Option<&String>, found: &str) -> Diagnostic {
    let recorded = expected.map_or_else(
        || "is in the state without the id of the ledger that recorded it".to_owned(),
        |expected| format!("was recorded in the ledger {expected}"),
    );
    at(
        AttributePath::root(),
        Title::AnotherLedger,
        format!(
            "{id} {recorded}, and the configured ledger is {found}, which has no such record. That proves nothing, so the state is unchanged. Point the provider's \
             `ledger` argument or EPHEMERAL_LEDGER to the right ledger. If that ledger is lost for good, remove the \
             resource with `terraform state rm` and apply again."
        ),
    )
}

/// An import before the provider's `ledger` argument is known.
#[must_use]
pub fn ledger_not_known() -> Diagnostic {
    at(
        AttributePath::root(),
        Title::LedgerNotKnown,
        "The provider's `ledger` argument depends on a value that is not known before apply, so the ledger cannot be read. Apply that value first, for example with `-target`, or write the location as a literal."
            .to_owned(),
    )
}

/// No ledger is configured, and there is no place for the default one.
#[must_use]
pub fn no_place_for_ledger(error: &NoStateHome) -> Diagnostic {
    refused(Title::NoPlaceForLedger, AttributePath::new("ledger"), error)
}

/// The default ledger is on a disk that dies with the job.
#[must_use]
pub fn ledger_dies_with_ci(place: &str) -> Diagnostic {
    at(
        AttributePath::new("ledger"),
        Title::LedgerDiesWithCi,
        format!(
            "No ledger is configured; using the default location {place}. This looks like a CI job whose disk is discarded, so the lifetimes recorded there will be lost, and nothing will be swept. Set `ledger` in the provider block \
             or EPHEMERAL_LEDGER to a place that outlives the job, for example \
             `sqlite:///srv/ephemeral/ledger.sqlite3` on a mounted disk."
        ),
    )
}
