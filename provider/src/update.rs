//! One change of one record of the ledger, by the ledger's own loop, in the words of the provider.

use ledger::{
    book::{self, BookError, Reading, Stored},
    clock::Timestamp,
    event::Subject,
};
use tf_provider::{Diagnostic, Diagnostics};

use crate::{
    context::{Context, Missing},
    diag,
};

pub(crate) use ledger::book::Decision;

/// The answer, or a refusal, or an error of the ledger.
pub(crate) type Outcome<T, R = Diagnostic> = Result<Result<T, R>, BookError>;

/// Does with the record of `subject` what `decide` says at the ledger's time; where there is none, answers what `missing`
/// makes of the silence of the ledger that was read.
///
/// # Errors
/// The ledger could not answer, or others wrote the record first, again and again.
pub(crate) async fn update_record<T, R>(
    context: &Context,
    subject: &Subject,
    missing: impl Fn(&Reading) -> Result<T, R>,
    decide: impl Fn(Stored, Timestamp) -> Result<Decision<T>, R>,
) -> Outcome<T, R> {
    let ledger = context.book(Missing::Refuse).await?;
    let decide = |stored, reading: &Reading| match stored {
        Some(stored) => decide(stored, reading.now),
        None => missing(reading).map(Decision::Nothing),
    };
    book::update(ledger.as_ref(), subject, decide).await
}

/// The answer of `outcome`; `None` without one, which is reported. `doing` says what was tried.
pub(crate) fn settle<T>(outcome: Outcome<T>, doing: &str, diags: &mut Diagnostics) -> Option<T> {
    match outcome {
        Ok(Ok(answer)) => return Some(answer),
        Ok(Err(refusal)) => diags.add_error(refusal),
        Err(error) => diags.add_error(diag::ledger(doing, &error)),
    }
    None
}
