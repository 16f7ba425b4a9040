//! Update: declared attributes change, and a changed trigger renews. Only the ledger is written.

use ledger::{
    book::{Record, Stored},
    clock::{Timestamp, rfc3339, whole_second},
    environment::{Environment, Lifecycle},
    event::{Event, EventKind},
    phase::phase,
};
use tf_provider::{Diagnostics, value::Value};

use super::{
    address, capsule,
    model::EnvironmentModel,
    plan,
    validate::{Validated, validate},
};
use crate::{
    context::{Context, Missing, silence_is_proof},
    diag,
    object::subject,
    private::PrivateModel,
    update::{Decision, settle, update_record},
};

/// Writes `planned` over the record; `None` if nothing was written, which was reported.
pub(super) async fn update(
    context: &Context,
    prior: &EnvironmentModel,
    planned: &EnvironmentModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<EnvironmentModel> {
    let before = diags.errors.len();
    let validated = validate(planned, Some(&context.settings), diags);
    let _ = context.may_write(diags);
    let (address, warning) = address::resolve(planned, context);
    if before < diags.errors.len() {
        return None;
    }
    diags.warnings.extend(warning);
    let subject = subject(prior, diags)?;
    let renews = plan::renews(prior, planned);
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let kept = capsule::keep(context, book.as_ref()).await?;
        let missing = |reading: &_| {
            silence_is_proof(&subject, private, reading)?;
            Err(diag::already_over(&subject.to_string(), "gone"))
        };
        let decide = |stored: Stored, now| {
            if let Some(refusal) = refusal(&stored, now) {
                return Err(refusal);
            }
            let Record::Environment(old) = stored.record else {
                return Err(diag::incomplete_plan());
            };
            let mut record = changed(&old, &validated, context, renews, whole_second(now))
                .ok_or_else(diag::incomplete_plan)?;
            record.state = address.clone().or(record.state);
            record.capture = Some(kept.capture.clone());
            Ok(Decision::Write {
                events: events(&old, &record, renews, context, now),
                record: Record::Environment(record.clone()),
                under: None,
                answer: (record, now),
            })
        };
        let changed = update_record(context, &subject, missing, decide).await?;
        Ok(changed.map(|(record, now)| (record, now, kept)))
    };
    let (record, now, kept) = settle(outcome.await, "changing the environment", diags)?;
    if !kept.capture.gaps.is_empty() {
        diags.add_warning(diag::incomplete_capsule(&kept.capture.gaps));
    }
    if renews && record.expires_at() <= now {
        let end = rfc3339(record.hard_expires_at());
        diags.add_warning(diag::renewed_past_the_end(record.id.as_str(), &end));
    }
    let model = EnvironmentModel {
        configuration: Value::Value(kept.digest),
        ..EnvironmentModel::of_record(&record, planned, now)
    };
    Some(model.as_planned(planned))
}

/// The reason not to change a record now.
fn refusal(stored: &Stored, now: Timestamp) -> Option<tf_provider::Diagnostic> {
    let environment = stored.record.environment()?;
    let id = environment.id.as_str();
    if environment.is_over() {
        let phase = phase(environment, None, now);
        return Some(diag::already_over(id, phase.as_str()));
    }
    let claimed = stored.claim.as_ref().is_some_and(|claim| now < claim.until);
    (claimed && matches!(environment.lifecycle, Lifecycle::Destroying(_)))
        .then(|| diag::being_destroyed(id))
}

/// `old` with what `validated` says; `None` if a part is not known, which an apply never sees.
fn changed(
    old: &Environment,
    validated: &Validated,
    context: &Context,
    renews: bool,
    at: Timestamp,
) -> Option<Environment> {
    let mut record = old.clone();
    record.owner = validated.owner.clone()?;
    record.team = validated.team.clone()?;
    record.project = validated.project.clone()?;
    record.lifetime = validated.lifetime.clone()?;
    record.tags = validated.tags.clone()?;
    record.tag_prefix = context.settings.tag_prefix.clone();
    record.change_request = validated.change_request.clone()?;
    record.on_expiry = validated.on_expiry?;
    if renews {
        record.renewed_at = at;
        // It is wanted again: what a teardown left is Terraform's to repair, in this very apply.
        record.lifecycle = Lifecycle::Living;
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
    declared.lifecycle = new.lifecycle.clone();
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
