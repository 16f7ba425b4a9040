//! Interrupt: after Ctrl-C the token opens nothing any more. The run itself may be finishing, and Terraform renews no more,
//! so this process gives its signs of life until it ends.

use std::{sync::Arc, time::Duration};

use ledger::{
    book::BookError,
    event::EventKind,
    id::RunId,
    run::{Renewal, Run},
    ttl::Ttl,
};
use tokio::sync::oneshot;

use super::{
    renew::{PART, Sign, give_sign},
    update::update,
};
use crate::context::Context;

/// Interrupts `id` in the background: its token ends as soon as the ledger takes that, and from then on it is given signs of
/// life until it is not open any more, or over, or this process ends. The answer comes after the first try.
pub(super) fn begin(
    context: Arc<Context>,
    is_open: impl Fn(&RunId) -> bool + Send + 'static,
    id: RunId,
    ttl: &Ttl,
) -> oneshot::Receiver<()> {
    let pause = (ttl.delta() / PART)
        .to_std()
        .unwrap_or(Duration::from_secs(1));
    let (tried, first_try) = oneshot::channel();
    tokio::spawn(async move {
        let mut noted = try_to_interrupt(&context, &id).await;
        // The caller may have stopped waiting.
        let _ = tried.send(());
        loop {
            tokio::time::sleep(pause).await;
            if !is_open(&id) {
                return;
            }
            if !noted {
                noted = try_to_interrupt(&context, &id).await;
                continue;
            }
            match give_sign(&context, &id).await {
                Ok(Sign::Given) => {}
                Ok(Sign::TooLate(_) | Sign::Unknown) => return,
                Err(error) => {
                    tracing::warn!(run = %id, "the run lease could not be renewed: {error}");
                }
            }
        }
    });
    first_try
}

/// Whether the ledger has it now that `id` was interrupted.
async fn try_to_interrupt(context: &Context, id: &RunId) -> bool {
    let noted = interrupt(context, id).await;
    if let Err(error) = &noted {
        tracing::warn!(run = %id, "the interruption could not be recorded, and will be tried again: {error}");
    }
    noted.is_ok()
}

/// Notes that `id` was interrupted, which is a sign of life too.
///
/// # Errors
/// The ledger could not answer.
async fn interrupt(context: &Context, id: &RunId) -> Result<(), BookError> {
    let noted = update(context, id, |run, at| match run.renewed(at) {
        Renewal::Renewed(run) if run.interrupted_at.is_none() => Some((
            Run {
                interrupted_at: Some(at),
                ..*run
            },
            Some(EventKind::Interrupted),
        )),
        Renewal::Renewed(_) | Renewal::Over(_) => None,
    });
    noted.await.map(drop)
}
