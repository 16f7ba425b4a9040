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

use super::{
    change::change,
    opened::OpenRuns,
    renew::{PART, Sign, give_sign},
};
use crate::context::Context;

/// Notes that `id` was interrupted, which is a sign of life too.
///
/// # Errors
/// The ledger could not answer.
pub(super) async fn interrupt(context: &Context, id: &RunId) -> Result<(), BookError> {
    let noted = change(context, id, |run, at| match run.renewed(at) {
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

/// Gives signs of life of `id` in the background, until it is closed, or over, or this process ends.
pub(super) fn keep_alive(context: Arc<Context>, open: OpenRuns, id: RunId, ttl: &Ttl) {
    let pause = (ttl.delta() / PART)
        .to_std()
        .unwrap_or(Duration::from_secs(1));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(pause).await;
            if !open.contains(&id) {
                return;
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
}
