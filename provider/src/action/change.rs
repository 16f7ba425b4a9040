//! One change of one record: read, decide, write if nobody else wrote meanwhile, else again.

use ledger::{
    book::{Book, BookError, Claim, Guard, Record, Write},
    clock::Timestamp,
    environment::{Course, Environment},
    event::Subject,
    wish::Change,
};
use tf_provider::{Diagnostic, Diagnostics};

use crate::{
    context::{Context, Missing, environment_by_id_or_name},
    diag,
};

/// How often a write that lost against another writer looks again.
const ATTEMPTS: usize = 16;

/// A change that was written.
pub(super) struct Changed {
    /// The record before it.
    pub(super) before: Record,
    /// The record since.
    pub(super) after: Record,
    /// The claim on it, if there was one.
    pub(super) claim: Option<Claim>,
    /// When, by the ledger's clock.
    pub(super) now: Timestamp,
}

/// What an action is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target<'a> {
    /// A living environment, by id or name.
    Environment(&'a str),
    /// A lease, by id.
    Lease(&'a str),
}

/// Changes the record of `target` as `decide` says; `None` if nothing was written, which was reported.
pub(super) async fn change(
    context: &Context,
    target: Target<'_>,
    decide: impl Fn(&Record, Timestamp) -> Result<Change, Diagnostic> + Sync,
    diags: &mut Diagnostics,
) -> Option<Changed> {
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
        return None;
    }
    context.may_write(diags)?;
    match written(context, target, decide).await {
        Ok(Ok(changed)) => Some(changed),
        Ok(Err(refusal)) => {
            diags.add_error(refusal);
            None
        }
        Err(error) => {
            diags.add_error(diag::ledger("changing a record", &error));
            None
        }
    }
}

async fn written(
    context: &Context,
    target: Target<'_>,
    decide: impl Fn(&Record, Timestamp) -> Result<Change, Diagnostic> + Sync,
) -> Result<Result<Changed, Diagnostic>, BookError> {
    let book = context.book(Missing::Refuse).await?;
    let Some(subject) = found(book.as_ref(), target).await? else {
        return Ok(Err(match target {
            Target::Environment(name) => diag::nothing_to_act_on("environment", name),
            Target::Lease(id) => diag::nothing_to_act_on("lease", id),
        }));
    };
    for _ in 0..ATTEMPTS {
        let reading = book.reading().await?;
        let Some(stored) = book.get(&subject).await? else {
            return Err(BookError::Missing {
                subject: subject.to_string(),
            });
        };
        let change = match decide(&stored.record, reading.now) {
            Ok(change) => change,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let event = context.event(change.kind, reading.now);
        let event = change
            .detail
            .into_iter()
            .fold(event, |event, (key, value)| event.with(key, value));
        let write = Write {
            record: change.record.clone(),
            guard: Guard::Revision(stored.revision),
            drop_claim: false,
            events: vec![event],
        };
        match book.put(write).await {
            Ok(_) => {
                return Ok(Ok(Changed {
                    before: stored.record,
                    after: change.record,
                    claim: stored.claim,
                    now: reading.now,
                }));
            }
            Err(BookError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Err(BookError::Conflict {
        subject: subject.to_string(),
    })
}

async fn found(book: &dyn Book, target: Target<'_>) -> Result<Option<Subject>, BookError> {
    match target {
        Target::Environment(name) => {
            let stored = environment_by_id_or_name(book, name).await?;
            Ok(stored.map(|stored| stored.record.subject()))
        }
        Target::Lease(id) => match Subject::parse(id) {
            Some(subject @ Subject::Lease(_)) => {
                let stored = book.get(&subject).await?;
                Ok(stored.map(|stored| stored.record.subject()))
            }
            _ => Ok(None),
        },
    }
}

/// What may make a change of `environment` come too late: a sweeper at work, or a teardown that has begun.
pub(super) fn too_late(
    environment: &Environment,
    claim: Option<&Claim>,
    now: Timestamp,
) -> Option<Diagnostic> {
    let begun = matches!(environment.course, Course::Destroying(_) | Course::Stuck(_));
    let at_work = claim.is_some_and(|claim| now < claim.until);
    (begun || at_work).then(|| diag::perhaps_too_late(environment.id.as_str()))
}
