//! Close: nothing needs the lease any more. That says nothing of the rest of the run, and ends the token.

use ledger::{
    book::BookError,
    event::{EventKind, Subject},
    id::RunId,
    run::{Run, RunEnd},
};
use tf_provider::Diagnostics;

use super::update::update;
use crate::{context::Context, diag};

/// Closes the lease of `id`. What ended already is a success, save a death that was noted while the run lived.
pub(super) async fn close(context: &Context, id: &RunId, diags: &mut Diagnostics) {
    match write_down(context, id).await {
        Ok(Some(RunEnd::Died { .. })) => diags.add_warning(diag::run_counted_as_dead(id)),
        Ok(_) => {}
        // The run did its work; that its lease ends by its ttl instead is no reason to fail it.
        Err(error) => diags.add_warning(diag::run_not_closed(id, &error)),
    }
}

/// Writes the close down, and answers the end that the record had before.
///
/// # Errors
/// The ledger could not answer, or has no such run.
pub(super) async fn write_down(context: &Context, id: &RunId) -> Result<Option<RunEnd>, BookError> {
    let before = update(context, id, |run, at| {
        let closed = Run {
            end: Some(RunEnd::Closed { at }),
            ..run.clone()
        };
        run.end
            .is_none()
            .then_some((closed, Some(EventKind::Closed)))
    });
    before
        .await?
        .map(|before| before.end)
        .ok_or_else(|| BookError::Missing {
            subject: Subject::Run(id.clone()).to_string(),
        })
}
