//! Update: declared attributes change, and a changed trigger renews. Only the ledger is written.

use ledger::{
    book::{Book, BookError, Guard, Record, Stored, Write},
    clock::{Timestamp, rfc3339, whole_second},
    environment::{Course, Environment},
    event::{Event, EventKind},
    phase::phase,
};
use tf_provider::Diagnostics;

use super::{
    address, capture,
    meaning::{Meaning, meaning},
    model::{EnvironmentModel, PrivateModel},
    plan,
};
use crate::{
    context::{Context, Missing},
    diag,
};

/// How often an update that lost a race against another writer looks again.
const ATTEMPTS: usize = 4;

/// Writes `planned` over the record; `None` if nothing was written, which was reported.
pub(super) async fn update(
    context: &Context,
    prior: &EnvironmentModel,
    planned: &EnvironmentModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<EnvironmentModel> {
    let before = diags.errors.len();
    let meaning = meaning(planned, Some(&context.settings), diags);
    let (address, warning) = address::resolve(planned, context, diags);
    if before < diags.errors.len() {
        return None;
    }
    diags.warnings.extend(warning);
    let subject = super::subject(prior, diags)?;
    let renews = plan::renews(prior, planned);
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let (capture, gaps) = capture::keep(context, book.as_ref()).await?;
        for _ in 0..ATTEMPTS {
            let reading = book.reading().await?;
            let Some(stored) = book.get(&subject).await? else {
                let expected = private.ledger.as_ref_option().cloned().unwrap_or_default();
                return Ok(Err(diag::another_ledger(
                    &subject.to_string(),
                    &expected,
                    &reading.ledger,
                )));
            };
            if let Some(refusal) = refusal(&stored, reading.now) {
                return Ok(Err(refusal));
            }
            let Record::Environment(old) = &stored.record else {
                return Ok(Err(diag::incomplete_plan()));
            };
            let Some(mut record) = changed(old, &meaning, renews, whole_second(reading.now)) else {
                return Ok(Err(diag::incomplete_plan()));
            };
            record.state = address.clone().or_else(|| old.state.clone());
            record.capture = Some(capture.clone());
            let write = Write {
                events: events(old, &record, renews, context, reading.now),
                record: Record::Environment(record.clone()),
                guard: Guard::Revision(stored.revision),
                drop_claim: false,
            };
            match book.put(write).await {
                Ok(_) => return Ok(Ok((record, reading.now, gaps))),
                Err(BookError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(BookError::Conflict {
            subject: subject.to_string(),
        })
    };
    match outcome.await {
        Err(error) => diags.add_error(diag::ledger("changing the environment", &error)),
        Ok(Err(refusal)) => diags.add_error(refusal),
        Ok(Ok((record, now, gaps))) => {
            if !gaps.is_empty() {
                diags.add_warning(diag::incomplete_capture(&gaps));
            }
            return Some(EnvironmentModel::of_record(&record, planned, now));
        }
    }
    None
}

/// Why a record may not be changed now.
fn refusal(stored: &Stored, now: Timestamp) -> Option<tf_provider::Diagnostic> {
    let environment = stored.record.environment()?;
    let id = environment.id.as_str();
    if environment.is_over() {
        let phase = phase(environment, None, now);
        return Some(diag::already_over(id, phase.as_str()));
    }
    let claimed = stored.claim.as_ref().is_some_and(|claim| now < claim.until);
    (claimed && matches!(environment.course, Course::Destroying(_)))
        .then(|| diag::being_destroyed(id))
}

/// `old` with what `meaning` says; `None` if a part is not known, which an apply never sees.
fn changed(
    old: &Environment,
    meaning: &Meaning,
    renews: bool,
    at: Timestamp,
) -> Option<Environment> {
    let mut record = old.clone();
    record.owner = meaning.owner.clone()?;
    record.team = meaning.team.clone()?;
    record.project = meaning.project.clone()?;
    record.lifetime = meaning.lifetime.clone()?;
    record.tags = meaning.tags.clone()?;
    record.change_request = meaning.change_request.clone()?;
    record.on_expiry = meaning.on_expiry?;
    if renews {
        record.renewed_at = at;
        // Somebody wants it again: what a teardown left is Terraform's to repair, in this very apply.
        record.course = Course::Living;
    }
    Some(record)
}

fn events(
    old: &Environment,
    new: &Environment,
    renews: bool,
    context: &Context,
    now: Timestamp,
) -> Vec<Event> {
    let event = |kind| {
        Event::new(kind, now, context.identity.clone())
            .with("expires_at", rfc3339(new.expires_at()))
    };
    let mut declared = old.clone();
    declared.renewed_at = new.renewed_at;
    declared.course = new.course.clone();
    declared.capture.clone_from(&new.capture);
    let mut events = Vec::new();
    if declared != *new {
        events.push(event(EventKind::Updated).with("owner", &new.owner));
    }
    if renews {
        events.push(event(EventKind::Renewed));
    }
    if events.is_empty() {
        events.push(event(EventKind::Updated).with("what", "capsule"));
    }
    events
}
