//! Delete is inert: it gives the lifetime back and destroys nothing. Success is answered only after the tombstone is
//! durable.
//!
//! Inside a sweeper's own destroy (`EPHEMERAL_FENCE` names its claim) it only notes that the marker went; the sweeper
//! closes the record when it has read the evidence.

use ledger::{
    book::{Record, Stored, Under},
    clock::{Timestamp, whole_second},
    environment::Lifecycle,
    event::EventKind,
};
use tf_provider::Diagnostic;

use crate::{context::Context, diag, update::Decision};

/// How the record is released.
///
/// # Errors
/// The sweeper's claim is over.
pub(super) fn release(
    context: &Context,
    stored: Stored,
    now: Timestamp,
) -> Result<Decision<()>, Diagnostic> {
    let Record::Environment(mut environment) = stored.record else {
        return Ok(Decision::Nothing(()));
    };
    if environment.is_over() {
        return Ok(Decision::Nothing(()));
    }
    let (under, event) = match (context.fence(), &environment.lifecycle) {
        (Some(Some(fence)), Lifecycle::Destroying(teardown)) if teardown.fence == fence => {
            let under = Under { fence, ends: false };
            (Some(under), context.event(EventKind::MarkerDeleted, now))
        }
        // A newer claim makes an older one powerless, so it does not release either.
        (Some(_), _) => return Err(diag::claim_is_over(environment.id.as_str())),
        (None, _) => {
            let reason = "removed from its configuration or destroyed by Terraform";
            environment.lifecycle = Lifecycle::Released {
                at: whole_second(now),
                by: context.identity.clone(),
                reason: reason.to_owned(),
            };
            let event = context.event(EventKind::Released, now);
            (None, event.with("reason", reason))
        }
    };
    Ok(Decision::Write {
        record: Record::Environment(environment),
        under,
        events: vec![event],
        answer: (),
    })
}
