//! `unhold`: lifts the hold of one environment. Its lifetime went on meanwhile.

use ledger::{book::Record, clock::Timestamp, environment::Environment, event::EventKind};

use super::{
    Session,
    change_record::{Beside, change_record},
    hold::held_environment,
    render,
};
use crate::{
    age,
    cli::UnholdArgs,
    exit::ExitStatus,
    failure::Failure,
    lookup::Target,
    update::{Change, Updated},
};

/// Lifts.
///
/// # Errors
/// If nothing or more than one is named, if it is no living environment, or if the ledger does not do it.
pub async fn run(session: &Session, args: &UnholdArgs) -> Result<ExitStatus, Failure> {
    let decide = |target: &Target, now| {
        let environment = held_environment(target, now)?;
        let Some(hold) = &environment.hold else {
            return Ok(None);
        };
        let mut lifted = environment.clone();
        lifted.hold = None;
        Ok(Some(Change {
            record: Record::Environment(lifted),
            kind: EventKind::Unheld,
            detail: vec![
                ("reason", args.reason.to_string()),
                ("held_by", hold.by.to_string()),
                ("held_because", hold.reason.clone()),
            ],
        }))
    };
    let say = |updated: &Updated| {
        let name = render::name(&updated.found.target);
        let sentence = if updated.changed {
            format!("{name} is no longer held")
        } else {
            format!("{name} was not held; nothing was changed")
        };
        let next = match &updated.found.target {
            Target::Environment(environment, _) => {
                Some(what_follows(environment, updated.reading.now))
            }
            Target::Lease(_) => None,
        };
        (sentence, next)
    };
    change_record(session, &args.selector, Beside::Sweepers, decide, say).await
}

/// What the lifetime says now that nothing stands before it.
fn what_follows(environment: &Environment, now: Timestamp) -> String {
    let due = environment.due_at();
    if now < due {
        return format!(
            "it expires at {}, and may be destroyed at {}",
            age::both(environment.expires_at(), now),
            age::both(due, now)
        );
    }
    format!(
        "warning: it has been due since {}, so the next sweep may destroy it; extend it with `sweeper extend {} \
         --by 4h --reason TEXT`",
        age::both(due, now),
        environment.id
    )
}
