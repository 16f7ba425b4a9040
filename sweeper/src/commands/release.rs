//! `release`: gives one environment or lease back. The sweeper no longer looks after it; nothing outside is destroyed.
//!
//! It is written under a claim, so that it is never taken from a sweeper at work.

use ledger::{
    book::Record,
    clock::{Timestamp, whole_second},
    environment::Lifecycle,
    event::EventKind,
    identity::Identity,
    lease::LeaseRelease,
};

use super::{
    Session,
    change_record::{Beside, Said, change_record},
    render,
};
use crate::{
    cli::{Reason, ReasonedArgs},
    exit::ExitStatus,
    failure::Failure,
    lookup::Target,
    update::{Change, Updated},
};

/// Releases.
///
/// # Errors
/// If nothing or more than one is named, if a sweeper is at work on it, or if the ledger does not do it.
pub async fn run(session: &Session, args: &ReasonedArgs) -> Result<ExitStatus, Failure> {
    let by = &session.world.identity;
    let decide = |target: &Target, now| Ok(decide(target, by, &args.reason, now));
    change_record(session, &args.selector, Beside::NoSweeper, decide, said).await
}

fn said(updated: &Updated) -> Said {
    let name = render::name(&updated.found.target);
    let sentence = match (&updated.found.target, updated.changed) {
        (Target::Environment(environment, _), false) => format!(
            "{name} is over already: {}; nothing was changed",
            render::lifecycle(&environment.lifecycle, updated.reading.now)
        ),
        (Target::Lease(_), false) => {
            format!("{name} was released already; nothing was changed")
        }
        (_, true) => format!("{name} is released: the sweeper no longer manages it"),
    };
    let next = match &updated.found.target {
        Target::Environment(environment, _) if updated.changed => {
            let place = environment
                .state
                .as_ref()
                .map_or_else(|| "its state".to_owned(), |state| format!("`{state}`"));
            Some(format!(
                "nothing was destroyed: the objects in {place} live on; destroy them with `terraform destroy`. \
                 Applying the configuration again begins a new generation"
            ))
        }
        _ => None,
    };
    (sentence, next)
}

/// What is over already is left as it is: released twice is released once.
fn decide(target: &Target, by: &Identity, reason: &Reason, now: Timestamp) -> Option<Change> {
    let at = whole_second(now);
    let record = match target {
        Target::Environment(environment, _) if environment.is_over() => return None,
        Target::Lease(lease) if lease.released.is_some() => return None,
        Target::Environment(environment, _) => {
            let mut environment = environment.clone();
            environment.lifecycle = Lifecycle::Released {
                at,
                by: by.clone(),
                reason: reason.to_string(),
            };
            Record::Environment(environment)
        }
        Target::Lease(lease) => {
            let mut lease = lease.clone();
            lease.released = Some(LeaseRelease {
                at,
                by: by.clone(),
                reason: reason.to_string(),
            });
            Record::Lease(lease)
        }
    };
    let before = match target {
        Target::Environment(environment, _) => render::lifecycle(&environment.lifecycle, now),
        Target::Lease(_) => "active".to_owned(),
    };
    Some(Change {
        record,
        kind: EventKind::Released,
        detail: vec![("reason", reason.to_string()), ("before", before)],
    })
}
