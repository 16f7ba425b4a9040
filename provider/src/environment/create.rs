//! Create: a new generation of a name is written into the ledger. Nothing else is done.

use ledger::{
    book::{Book, BookError, Kind, Precondition, Query, Record, Write},
    clock::{Timestamp, rfc3339, whole_second},
    environment::{Environment, Hold, Lifecycle},
    event::EventKind,
    id::{EnvironmentId, EnvironmentName, Generation},
    state_address::StateAddress,
};
use tf_provider::{Diagnostics, value::Value};

use super::{address, capsule, model::EnvironmentModel, validate::validate};
use crate::{
    context::{Context, Missing},
    diag,
    private::PrivateModel,
    update::settle,
};

/// How often a creation that lost a race against another looks again.
const ATTEMPTS: usize = 4;

/// Writes the record of `planned`; `None` if nothing was written, which was reported.
pub(super) async fn create(
    context: &Context,
    planned: &EnvironmentModel,
    diags: &mut Diagnostics,
) -> Option<(EnvironmentModel, PrivateModel)> {
    let before = diags.errors.len();
    let validated = validate(planned, Some(&context.settings), diags);
    let _ = context.may_write(diags);
    let (address, warning) = address::resolve(planned, context);
    if before < diags.errors.len() {
        return None;
    }
    let outcome = async {
        let book = context.book(Missing::Create).await?;
        let kept = capsule::keep(context, book.as_ref()).await?;
        for _ in 0..ATTEMPTS {
            let reading = book.reading().await?;
            let at = whole_second(reading.now);
            let Some(mut record) = validated.record(context, EnvironmentId::fresh(reading.now), at)
            else {
                return Ok(Err(diag::incomplete_plan()));
            };
            let (next, hold) =
                next_generation(book.as_ref(), &record.name, address.as_ref(), reading.now).await?;
            record.hold = hold;
            match next {
                Next::Free(generation) => record.generation = generation,
                Next::Taken(living) => return Ok(Err(diag::name_in_use(&living))),
                Next::Superseded { old, .. } if created_here(context, &old) => {
                    return Ok(Err(diag::name_used_twice(record.name.as_str())));
                }
                Next::Superseded { generation, old } => {
                    record.generation = generation;
                    match supersede(book.as_ref(), context, *old, at).await {
                        Ok(()) => {}
                        // It was given back in the meantime, as a rename does; look again.
                        Err(BookError::Conflict { .. }) => continue,
                        Err(error) => return Err(error),
                    }
                }
            }
            record.state = address.clone();
            record.capture = Some(kept.capture.clone());
            let written = book.put(creation(&record, context, reading.now)).await;
            match written {
                Ok(_) => return Ok(Ok((record, reading, kept))),
                // Another creation took this generation in the meantime; look again.
                Err(BookError::Exists { .. } | BookError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(BookError::Conflict {
            subject: "the environment's name".to_owned(),
        })
    };
    let doing = "recording the environment";
    let (record, reading, kept) = settle(outcome.await, doing, diags)?;
    context.note_created(&record.id);
    if !kept.capture.gaps.is_empty() {
        diags.add_warning(diag::incomplete_capsule(&kept.capture.gaps));
    }
    if let Some(warning) = warning {
        diags.add_warning(warning);
    }
    let private = PrivateModel::of(&reading);
    let model = EnvironmentModel {
        configuration: Value::Value(kept.digest),
        ..EnvironmentModel::of_record(&record, planned, reading.now)
    };
    Some((model, private))
}

fn creation(record: &Environment, context: &Context, now: Timestamp) -> Write {
    let place = record
        .state
        .as_ref()
        .map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let event = context
        .event(EventKind::Created, now)
        .with("name", record.name.as_str())
        .with("generation", record.generation.to_string())
        .with("owner", &record.owner)
        .with("expires_at", rfc3339(record.expires_at()))
        .with("hard_expires_at", rfc3339(record.hard_expires_at()))
        .with("state", place);
    let event = match &record.hold {
        Some(hold) => event.with(
            "hold",
            format!("inherited from {}: {}", hold.by, hold.reason),
        ),
        None => event,
    };
    Write {
        record: Record::Environment(record.clone()),
        precondition: Precondition::Create,
        drop_claim: false,
        events: vec![event],
    }
}

enum Next {
    Free(Generation),
    Taken(Box<Environment>),
    Superseded {
        generation: Generation,
        old: Box<ledger::book::Stored>,
    },
}

/// Which generation of `name` comes next, and the hold it inherits: what a person holds is not let go by a replacement.
///
/// A living one of the very same state is superseded: its creation was not
/// saved, or it is being replaced. A living one of another state keeps the name; so does one of which that cannot be told.
async fn next_generation(
    book: &dyn Book,
    name: &EnvironmentName,
    address: Option<&StateAddress>,
    now: Timestamp,
) -> Result<(Next, Option<Hold>), BookError> {
    let listing = book
        .find(&Query {
            kind: Kind::Environment,
            name: Some(name.clone()),
            live_only: false,
        })
        .await?;
    if let Some((subject, cause)) = listing.unreadable.into_iter().next() {
        return Err(BookError::Corrupt { subject, cause });
    }
    let mut generation = Generation::FIRST;
    let mut hold = None;
    let mut living = None;
    for stored in listing.records {
        let Some(environment) = stored.record.environment() else {
            continue;
        };
        if generation <= environment.generation {
            generation = environment.generation.next();
            hold = environment.hold.clone().filter(|hold| hold.holds(now));
        }
        if !environment.is_over() {
            living = Some(stored);
        }
    }
    let Some(living) = living else {
        return Ok((Next::Free(generation), hold));
    };
    let Some(environment) = living.record.environment() else {
        return Ok((Next::Free(generation), hold));
    };
    let same_state =
        address.is_some_and(backend::is_certain) && environment.state.as_ref() == address;
    // What a dead sweeper left half destroyed is Terraform's to repair; what a living one destroys is not.
    let under_destruction = living.claim.as_ref().is_some_and(|claim| now < claim.until);
    if same_state && !under_destruction {
        let old = Box::new(living);
        return Ok((Next::Superseded { generation, old }, hold));
    }
    Ok((Next::Taken(Box::new(environment.clone())), hold))
}

/// Whether this very apply created `stored`: then it is no remnant of an earlier one.
fn created_here(context: &Context, stored: &ledger::book::Stored) -> bool {
    let environment = stored.record.environment();
    environment.is_some_and(|environment| context.has_created(&environment.id))
}

async fn supersede(
    book: &dyn Book,
    context: &Context,
    old: ledger::book::Stored,
    at: Timestamp,
) -> Result<(), BookError> {
    let Record::Environment(mut environment) = old.record else {
        return Ok(());
    };
    let reason = "superseded by the next generation in the same state".to_owned();
    environment.lifecycle = Lifecycle::Released {
        at,
        by: context.identity.clone(),
        reason: reason.clone(),
    };
    book.put(Write {
        record: Record::Environment(environment),
        precondition: Precondition::Revision(old.revision),
        drop_claim: false,
        events: vec![
            context
                .event(EventKind::Released, at)
                .with("reason", reason),
        ],
    })
    .await
    .map(drop)
}
