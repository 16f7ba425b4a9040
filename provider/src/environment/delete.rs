//! Delete is inert: it gives the lifetime back and destroys nothing. Success is answered only after the tombstone is
//! durable.
//!
//! Inside a sweeper's own destroy (`EPHEMERAL_FENCE` names its claim) it only notes that the marker went; the sweeper
//! closes the record when it has read the evidence.

use ledger::{
    book::{Book, BookError, Guard, Record, Write},
    clock::whole_second,
    environment::Course,
    event::EventKind,
};
use tf_provider::Diagnostics;

use super::model::{EnvironmentModel, PrivateModel};
use crate::{
    context::{Context, Missing, silence_is_proof},
    diag,
};

/// How often a release that lost a race against another writer looks again.
const ATTEMPTS: usize = 4;

/// Releases the record of `prior`; `None` if that could not be made durable, which was reported.
pub(super) async fn delete(
    context: &Context,
    prior: &EnvironmentModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<()> {
    let subject = super::subject(prior, diags)?;
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        for _ in 0..ATTEMPTS {
            let reading = book.reading().await?;
            let Some(stored) = book.get(&subject).await? else {
                return Ok(silence_is_proof(&subject, private, &reading));
            };
            let Record::Environment(mut environment) = stored.record else {
                return Ok(Ok(()));
            };
            if environment.is_over() {
                return Ok(Ok(()));
            }
            let by = context.identity.clone();
            let write = match (context.fence(), &environment.course) {
                (Some(Some(fence)), Course::Destroying(teardown)) if teardown.fence == fence => {
                    Write {
                        record: Record::Environment(environment),
                        guard: Guard::Fence {
                            fence,
                            revision: stored.revision,
                        },
                        drop_claim: false,
                        events: vec![context.event(EventKind::MarkerDeleted, reading.now)],
                    }
                }
                // A newer claim makes an older one powerless, so it does not release either.
                (Some(_), _) => return Ok(Err(diag::claim_is_over(environment.id.as_str()))),
                (None, _) => {
                    let reason = "removed from its configuration or destroyed by Terraform";
                    environment.course = Course::Released {
                        at: whole_second(reading.now),
                        by: by.clone(),
                        reason: reason.to_owned(),
                    };
                    Write {
                        record: Record::Environment(environment),
                        guard: Guard::Revision(stored.revision),
                        drop_claim: false,
                        events: vec![
                            context
                                .event(EventKind::Released, reading.now)
                                .with("reason", reason),
                        ],
                    }
                }
            };
            match book.put(write).await {
                Ok(_) => return Ok(Ok(())),
                Err(BookError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(BookError::Conflict {
            subject: subject.to_string(),
        })
    };
    match outcome.await {
        Ok(Ok(())) => return Some(()),
        Ok(Err(refusal)) => diags.add_error(refusal),
        Err(error) => diags.add_error(diag::ledger("releasing the environment", &error)),
    }
    None
}
