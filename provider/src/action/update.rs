//! One change that an action asks for, of the one record that its target names.

use std::sync::Arc;

use ledger::{
    book::{Book, BookError, Claim, Record, Stored},
    clock::Timestamp,
    environment::{Environment, Lifecycle},
    event::Subject,
    request,
};
use plugin::Configured;
use tf_provider::{Diagnostic, Diagnostics};

use crate::{
    context::{Context, Missing, environment_by_id_or_name},
    diag,
    update::{Decision, Outcome, settle, update_record},
};

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

/// What an action works with; `None` if nothing may be changed with it, for reasons that were all reported.
pub(super) fn usable(
    configured: &Configured<Context>,
    diags: &mut Diagnostics,
) -> Option<Arc<Context>> {
    let context = configured.require(diags)?;
    let known = context.settings.ledger_is_known;
    if !known {
        diags.add_error(diag::ledger_not_known());
    }
    context.may_write(diags)?;
    known.then_some(context)
}

/// Changes the record of `target` as `decide` says; `None` if nothing was written, which was reported.
pub(super) async fn update(
    context: &Context,
    target: Target<'_>,
    decide: impl Fn(&Record, Timestamp) -> Result<request::Change, Diagnostic>,
    diags: &mut Diagnostics,
) -> Option<Changed> {
    let changed = written(context, target, decide).await;
    settle(changed, "changing a record", diags)
}

async fn written(
    context: &Context,
    target: Target<'_>,
    decide: impl Fn(&Record, Timestamp) -> Result<request::Change, Diagnostic>,
) -> Outcome<Changed> {
    let nothing = || match target {
        Target::Environment(name) => diag::nothing_to_act_on("environment", name),
        Target::Lease(id) => diag::nothing_to_act_on("lease", id),
    };
    let book = context.book(Missing::Refuse).await?;
    let Some(subject) = found(book.as_ref(), target).await? else {
        return Ok(Err(nothing()));
    };
    let decide = |stored: Stored, now| {
        let change = decide(&stored.record, now)?;
        let event = context.event(change.kind, now);
        let event = change
            .detail
            .into_iter()
            .fold(event, |event, (key, value)| event.with(key, value));
        Ok(Decision::Write {
            record: change.record.clone(),
            under: None,
            events: vec![event],
            answer: Changed {
                before: stored.record,
                after: change.record,
                claim: stored.claim,
                now,
            },
        })
    };
    update_record(context, &subject, |_| Err(nothing()), decide).await
}

async fn found(book: &dyn Book, target: Target<'_>) -> Result<Option<Subject>, BookError> {
    match target {
        Target::Environment(name) => {
            let stored = environment_by_id_or_name(book, name).await?;
            Ok(stored.map(|stored| stored.record.subject()))
        }
        Target::Lease(id) => {
            Ok(Subject::parse(id).filter(|subject| matches!(subject, Subject::Lease(_))))
        }
    }
}

/// What may make a change of `environment` come too late: a sweeper at work, or a teardown that has begun.
pub(super) fn too_late(
    environment: &Environment,
    claim: Option<&Claim>,
    now: Timestamp,
) -> Option<Diagnostic> {
    let begun = matches!(
        environment.lifecycle,
        Lifecycle::Destroying(_) | Lifecycle::Stuck(_)
    );
    let at_work = claim.is_some_and(|claim| now < claim.until);
    (begun || at_work).then(|| diag::perhaps_too_late(environment.id.as_str()))
}
