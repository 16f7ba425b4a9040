//! Create, update and delete of a lease: one record in the ledger is written. Delete is inert; it gives the lease back.

use std::sync::Arc;

use ledger::{
    book::{Book, BookError, Make, Record, Stored},
    clock::{Timestamp, rfc3339, whole_second},
    event::{Event, EventKind},
    id::{LeaseId, RunId},
    lease::{Lease, LeaseRelease},
    ttl::Ttl,
};
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use super::{Grant, model::LeaseModel, plan, validate::Validated};
use crate::{
    context::{Context, Missing, environment_by_id_or_name, silence_is_proof},
    diag,
    object::subject,
    private::PrivateModel,
    update::{Decision, Outcome, settle, update_record},
};

/// Records a new lease; `None` if nothing was written, which was reported.
pub(super) async fn create(
    context: &Arc<Context>,
    planned: &LeaseModel,
    grant: Grant,
    diags: &mut Diagnostics,
) -> Option<(LeaseModel, PrivateModel)> {
    let outcome: Outcome<_> = async {
        let book = context.book(Missing::Create).await?;
        if let Some(refusal) = unknown_environment(book.as_ref(), planned).await? {
            return Ok(Err(refusal));
        }
        let Grant { validated, run } = grant;
        let Some(terms) = Terms::of(context, planned, validated) else {
            return Ok(Err(diag::incomplete_plan()));
        };
        let context = Arc::clone(context);
        let make: Make = Box::new(move |reading| {
            let id = LeaseId::fresh(reading.now);
            let lease = terms.granted(id, &context, whole_second(reading.now));
            let event = granted(
                EventKind::Created,
                &lease,
                &context,
                run.as_ref(),
                reading.now,
            );
            let event = event.with("holder", &lease.holder);
            (Record::Lease(lease), vec![event])
        });
        let (Record::Lease(lease), reading) = book.create(make).await? else {
            return Ok(Err(diag::incomplete_plan()));
        };
        Ok(Ok((lease, reading)))
    }
    .await;
    let (lease, reading) = settle(outcome, "recording the lease", diags)?;
    let private = PrivateModel::of(&reading);
    Some((LeaseModel::of_record(&lease, planned, reading.now), private))
}

/// Writes `planned` over the record; `None` if nothing was written, which was reported.
pub(super) async fn update(
    context: &Context,
    prior: &LeaseModel,
    planned: &LeaseModel,
    grant: &Grant,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<LeaseModel> {
    let subject = subject(prior, diags)?;
    let renews = plan::renews(prior, planned);
    let outcome: Outcome<_> = async {
        let book = context.book(Missing::Refuse).await?;
        if planned.environment != prior.environment
            && let Some(refusal) = unknown_environment(book.as_ref(), planned).await?
        {
            return Ok(Err(refusal));
        }
        let missing = |reading: &_| {
            silence_is_proof(&subject, private, reading)?;
            Err(diag::already_over(&subject.to_string(), "gone"))
        };
        let decide = |stored: Stored, now| {
            let Record::Lease(old) = stored.record else {
                return Err(diag::incomplete_plan());
            };
            let lease = changed(context, &old, planned, &grant.validated, renews, now)?;
            let kind = if renews {
                EventKind::Renewed
            } else {
                EventKind::Updated
            };
            Ok(Decision::Write {
                record: Record::Lease(lease.clone()),
                under: None,
                events: vec![granted(kind, &lease, context, grant.run.as_ref(), now)],
                answer: (lease, now),
            })
        };
        update_record(context, &subject, missing, decide).await
    }
    .await;
    let (lease, now) = settle(outcome, "changing the lease", diags)?;
    Some(LeaseModel::of_record(&lease, planned, now).as_planned(planned))
}

/// How the record is released.
pub(super) fn release(context: &Context, stored: Stored, now: Timestamp) -> Decision<()> {
    let lease = match stored.record {
        Record::Lease(lease) if lease.released.is_none() => lease,
        _ => return Decision::Nothing(()),
    };
    let reason = "removed from its configuration or destroyed by Terraform";
    let released = Some(LeaseRelease {
        at: whole_second(now),
        by: context.identity.clone(),
        reason: reason.to_owned(),
    });
    let event = context.event(EventKind::Released, now);
    Decision::Write {
        record: Record::Lease(Lease { released, ..lease }),
        under: None,
        events: vec![event.with("reason", reason)],
        answer: (),
    }
}

async fn unknown_environment(
    book: &dyn Book,
    planned: &LeaseModel,
) -> Result<Option<Diagnostic>, BookError> {
    let Value::Value(name) = &planned.environment else {
        return Ok(None);
    };
    let found = environment_by_id_or_name(book, name).await?;
    Ok(found.is_none().then(|| diag::unknown_environment(name)))
}

/// The planned arguments of a lease.
struct Terms {
    environment: Option<String>,
    ttl: Ttl,
    max_ttl: Option<Ttl>,
    holder: String,
    targets: Vec<String>,
}

impl Terms {
    /// `None` if something is not known yet.
    fn of(context: &Context, planned: &LeaseModel, validated: Validated) -> Option<Self> {
        let holder = planned.holder.as_ref_option();
        Some(Self {
            environment: planned.environment.as_ref_option().cloned(),
            ttl: validated.ttl?,
            max_ttl: validated.max_ttl?,
            holder: holder.unwrap_or(&context.identity.subject).clone(),
            targets: validated.targets?,
        })
    }

    /// The lease on these terms, granted at `at` to who runs this.
    fn granted(self, id: LeaseId, context: &Context, at: Timestamp) -> Lease {
        Lease {
            id,
            environment: self.environment,
            ttl: self.ttl,
            max_ttl: self.max_ttl,
            holder: self.holder,
            targets: self.targets,
            created_by: context.identity.clone(),
            created_at: at,
            renewed_at: at,
            extended_until: None,
            fencing_token: 1,
            released: None,
        }
    }
}

/// `old` as `planned` says.
fn changed(
    context: &Context,
    old: &Lease,
    planned: &LeaseModel,
    validated: &Validated,
    renews: bool,
    now: Timestamp,
) -> Result<Lease, Diagnostic> {
    if old.released.is_some() {
        return Err(diag::already_over(old.id.as_str(), "released"));
    }
    let at = whole_second(now);
    let terms = Terms::of(context, planned, validated.clone()).ok_or_else(diag::incomplete_plan)?;
    let mut lease = terms.granted(old.id.clone(), context, at);
    lease.created_by = old.created_by.clone();
    lease.created_at = old.created_at;
    lease.extended_until = old.extended_until;
    lease.fencing_token = old.fencing_token + u64::from(renews);
    if !renews {
        lease.renewed_at = old.renewed_at;
    } else if !lease.is_active(now) {
        let end = rfc3339(lease.expires_at());
        return Err(diag::past_maximum_ttl(lease.id.as_str(), &end));
    }
    Ok(lease)
}

/// The event of a grant; `run` is the one whose token stood at the lease itself.
fn granted(
    kind: EventKind,
    lease: &Lease,
    context: &Context,
    run: Option<&RunId>,
    now: Timestamp,
) -> Event {
    let event = context.event(kind, now);
    let event = match run {
        Some(run) => event.with("run", run.as_str()),
        None => event,
    };
    event
        .with("expires_at", rfc3339(lease.expires_at()))
        .with("fencing_token", lease.fencing_token.to_string())
}
