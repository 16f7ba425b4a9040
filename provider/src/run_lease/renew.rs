//! Renew: a sign of life. It writes the record and no event, because a run that lives is no news.

use ledger::{
    book::BookError,
    clock::{Timestamp, after},
    id::RunId,
    run::{Renewal, RunEnd},
    ttl::Ttl,
};
use tf_provider::Diagnostics;

use super::{RunPrivate, host_now, update::update};
use crate::{context::Context, diag};

/// The part of a ttl after which the next sign of life is given: two of them may be missed.
pub(super) const PART: i32 = 3;

/// The outcome of a sign of life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sign {
    /// It was written down.
    Given,
    /// It came after the end was written down.
    TooLate(RunEnd),
    /// The ledger does not know the run.
    Unknown,
}

/// When to give the next sign of life, by the host's clock, which the client goes by.
#[must_use]
pub(super) fn next(ttl: &Ttl) -> Timestamp {
    after(host_now(), ttl.delta() / PART)
}

/// Renews, and answers when to do so again; `None` if the run is over, which was reported.
///
/// A ledger that does not answer for a while is no end of a run: it is asked again, and what it missed shows in the
/// record.
pub(super) async fn renew(
    context: &Context,
    private: &RunPrivate,
    diags: &mut Diagnostics,
) -> Option<Timestamp> {
    let (id, ttl) = (private.id(diags)?, private.ttl(diags)?);
    match give_sign(context, &id).await {
        Ok(Sign::Given) => return Some(next(&ttl)),
        Err(error) => {
            tracing::warn!(run = %id, "the run lease could not be renewed, and will be tried again: {error}");
            return Some(next(&ttl));
        }
        Ok(Sign::TooLate(end)) => diags.add_error(diag::run_lost(Some((&id, Some(end))))),
        Ok(Sign::Unknown) => diags.add_error(diag::run_lost(Some((&id, None)))),
    }
    None
}

/// Writes a sign of life of `id`.
///
/// # Errors
/// The ledger could not answer.
pub(super) async fn give_sign(context: &Context, id: &RunId) -> Result<Sign, BookError> {
    let before = update(context, id, |run, at| match run.renewed(at) {
        Renewal::Renewed(run) => Some((*run, None)),
        Renewal::Over(_) => None,
    });
    Ok(match before.await? {
        None => Sign::Unknown,
        Some(before) => before.end.map_or(Sign::Given, Sign::TooLate),
    })
}
