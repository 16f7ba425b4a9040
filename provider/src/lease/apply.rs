//! Create, update and delete of a lease: one record in the ledger is written. Delete is inert; it gives the lease back.

use ledger::{
    book::{Book, BookError, Guard, Record, Write},
    clock::{Timestamp, rfc3339, whole_second},
    event::{Event, EventKind},
    id::{LeaseId, RunId},
    lease::{Lease, LeaseRelease},
};
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use super::{
    meaning::{Meaning, meaning},
    model::LeaseModel,
    plan,
};
use crate::{
    context::{Context, Missing, environment_by_id_or_name, silence_is_proof},
    diag,
    environment::PrivateModel,
};

/// How often a write that lost a race against another writer looks again.
const ATTEMPTS: usize = 4;

type Outcome<T> = Result<Result<T, Diagnostic>, BookError>;

/// Records a new lease; `None` if nothing was written, which was reported.
pub(super) async fn create(
    context: &Context,
    planned: &LeaseModel,
    run: Option<&RunId>,
    diags: &mut Diagnostics,
) -> Option<(LeaseModel, PrivateModel)> {
    let before = diags.errors.len();
    let meaning = meaning(planned, diags);
    if before < diags.errors.len() {
        return None;
    }
    let outcome: Outcome<_> = async {
        let book = context.book(Missing::Create).await?;
        if let Some(refusal) = unknown_environment(book.as_ref(), planned).await? {
            return Ok(Err(refusal));
        }
        let reading = book.reading().await?;
        let at = whole_second(reading.now);
        let id = LeaseId::fresh(reading.now);
        let Some(lease) = new_lease(context, planned, &meaning, id, at) else {
            return Ok(Err(diag::incomplete_plan()));
        };
        let event = granted(EventKind::Created, &lease, context, run, reading.now);
        book.put(Write {
            record: Record::Lease(lease.clone()),
            guard: Guard::Create,
            drop_claim: false,
            events: vec![event.with("holder", &lease.holder)],
        })
        .await?;
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
    run: Option<&RunId>,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<LeaseModel> {
    let before = diags.errors.len();
    let meaning = meaning(planned, diags);
    if before < diags.errors.len() {
        return None;
    }
    let subject = super::subject(prior, diags)?;
    let renews = plan::renews(prior, planned);
    let outcome: Outcome<_> = async {
        let book = context.book(Missing::Refuse).await?;
        if planned.environment != prior.environment
            && let Some(refusal) = unknown_environment(book.as_ref(), planned).await?
        {
            return Ok(Err(refusal));
        }
        for _ in 0..ATTEMPTS {
            let reading = book.reading().await?;
            let Some(stored) = book.get(&subject).await? else {
                let gone = diag::already_over(&subject.to_string(), "gone");
                let doubt = silence_is_proof(&subject, private, &reading).err();
                return Ok(Err(doubt.unwrap_or(gone)));
            };
            let Record::Lease(old) = &stored.record else {
                return Ok(Err(diag::incomplete_plan()));
            };
            if old.released.is_some() {
                return Ok(Err(diag::already_over(old.id.as_str(), "released")));
            }
            let at = whole_second(reading.now);
            let Some(mut lease) = new_lease(context, planned, &meaning, old.id.clone(), at) else {
                return Ok(Err(diag::incomplete_plan()));
            };
            lease.created_by = old.created_by.clone();
            lease.created_at = old.created_at;
            lease.extended_until = old.extended_until;
            lease.fencing_token = old.fencing_token + u64::from(renews);
            if !renews {
                lease.renewed_at = old.renewed_at;
            } else if !lease.is_active(reading.now) {
                let end = rfc3339(lease.expires_at());
                return Ok(Err(diag::past_maximum_ttl(lease.id.as_str(), &end)));
            }
            let kind = if renews {
                EventKind::Renewed
            } else {
                EventKind::Updated
            };
            let write = Write {
                record: Record::Lease(lease.clone()),
                guard: Guard::Revision(stored.revision),
                drop_claim: false,
                events: vec![granted(kind, &lease, context, run, reading.now)],
            };
            match book.put(write).await {
                Ok(_) => return Ok(Ok((lease, reading.now))),
                Err(BookError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(BookError::Conflict {
            subject: subject.to_string(),
        })
    }
    .await;
    let (lease, now) = settle(outcome, "changing the lease", diags)?;
    Some(LeaseModel::of_record(&lease, planned, now).as_planned(planned))
}

/// Gives the lease back; `None` if that could not be made durable, which was reported.
pub(super) async fn delete(
    context: &Context,
    prior: &LeaseModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<()> {
    let subject = super::subject(prior, diags)?;
    let outcome: Outcome<()> = async {
        let book = context.book(Missing::Refuse).await?;
        for _ in 0..ATTEMPTS {
            let reading = book.reading().await?;
            let Some(stored) = book.get(&subject).await? else {
                return Ok(silence_is_proof(&subject, private, &reading));
            };
            let Record::Lease(mut lease) = stored.record else {
                return Ok(Ok(()));
            };
            if lease.released.is_some() {
                return Ok(Ok(()));
            }
            let reason = "removed from its configuration or destroyed by Terraform";
            let by = context.identity.clone();
            lease.released = Some(LeaseRelease {
                at: whole_second(reading.now),
                by: by.clone(),
                reason: reason.to_owned(),
            });
            let write = Write {
                record: Record::Lease(lease),
                guard: Guard::Revision(stored.revision),
                drop_claim: false,
                events: vec![
                    context
                        .event(EventKind::Released, reading.now)
                        .with("reason", reason),
                ],
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
    }
    .await;
    settle(outcome, "releasing the lease", diags)
}

fn settle<T>(outcome: Outcome<T>, doing: &str, diags: &mut Diagnostics) -> Option<T> {
    match outcome {
        Ok(Ok(value)) => return Some(value),
        Ok(Err(refusal)) => diags.add_error(refusal),
        Err(error) => diags.add_error(diag::ledger(doing, &error)),
    }
    None
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

fn new_lease(
    context: &Context,
    planned: &LeaseModel,
    meaning: &Meaning,
    id: LeaseId,
    at: Timestamp,
) -> Option<Lease> {
    Some(Lease {
        id,
        environment: planned.environment.as_ref_option().cloned(),
        ttl: meaning.ttl.clone()?,
        max_ttl: meaning.max_ttl.clone()?,
        holder: planned.holder.as_ref_option()?.clone(),
        targets: meaning.targets.clone()?,
        created_by: context.identity.clone(),
        created_at: at,
        renewed_at: at,
        extended_until: None,
        fencing_token: 1,
        released: None,
    })
}

/// What is written of a grant by whoever runs this; `run` is the one whose token stood at the lease itself.
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
