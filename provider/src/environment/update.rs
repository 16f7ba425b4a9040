//! Update: declared attributes change, and a changed trigger renews. Only the ledger is written.

use ledger::{
    book::{Book, BookError, Guard, Record, Stored, Write},
    clock::{Timestamp, rfc3339, whole_second},
    environment::{Course, Environment},
    event::{Event, EventKind},
    phase::phase,
};
use tf_provider::{Diagnostics, value::Value};

use super::{
    address, capture,
    meaning::{Meaning, meaning},
    model::{EnvironmentModel, PrivateModel},
    plan,
};
use crate::{
    context::{Context, Missing, silence_is_proof},
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
    let (address, warning) = address::resolve(planned, context);
    if before < diags.errors.len() {
        return None;
    }
    diags.warnings.extend(warning);
    let subject = super::subject(prior, diags)?;
    let renews = plan::renews(prior, planned);
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let kept = capture::keep(context, book.as_ref()).await?;
        for _ in 0..ATTEMPTS {
            let reading = book.reading().await?;
            let Some(stored) = book.get(&subject).await? else {
                let gone = diag::already_over(&subject.to_string(), "gone");
                let doubt = silence_is_proof(&subject, private, &reading).err();
                return Ok(Err(doubt.unwrap_or(gone)));
            };
            if let Some(refusal) = refusal(&stored, reading.now) {
                return Ok(Err(refusal));
            }
            let Record::Environment(old) = &stored.record else {
                return Ok(Err(diag::incomplete_plan()));
            };
            let at = whole_second(reading.now);
            let Some(mut record) = changed(old, &meaning, context, renews, at) else {
                return Ok(Err(diag::incomplete_plan()));
            };
            record.state = address.clone().or_else(|| old.state.clone());
            record.capture = Some(kept.capture.clone());
            let write = Write {
                events: events(old, &record, renews, context, reading.now),
                record: Record::Environment(record.clone()),
                guard: Guard::Revision(stored.revision),
                drop_claim: false,
            };
            match book.put(write).await {
                Ok(_) => return Ok(Ok((record, reading.now, kept))),
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
        Ok(Ok((record, now, kept))) => {
            if !kept.capture.gaps.is_empty() {
                diags.add_warning(diag::incomplete_capture(&kept.capture.gaps));
            }
            if renews && record.expires_at() <= now {
                let end = rfc3339(record.hard_expires_at());
                diags.add_warning(diag::renewed_past_the_end(record.id.as_str(), &end));
            }
            let model = EnvironmentModel {
                configuration: Value::Value(kept.digest),
                ..EnvironmentModel::of_record(&record, planned, now)
            };
            return Some(model.as_planned(planned));
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
    context: &Context,
    renews: bool,
    at: Timestamp,
) -> Option<Environment> {
    let mut record = old.clone();
    record.owner = meaning.owner.clone()?;
    record.team = meaning.team.clone()?;
    record.project = meaning.project.clone()?;
    record.lifetime = meaning.lifetime.clone()?;
    record.tags = meaning.tags.clone()?;
    record.tag_prefix = context.settings.tag_prefix.clone();
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
        context
            .event(kind, now)
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
