//! `hold`: nothing happens to one environment. A hold is never shortened by another.

use ledger::{
    book::Record,
    clock::{Timestamp, rfc3339, whole_second},
    environment::{Environment, Hold},
    event::EventKind,
    identity::Identity,
};

use super::render;
use crate::{
    age,
    change::{Change, Refusal, change},
    cli::{HoldArgs, Reason},
    exit::ExitStatus,
    failure::Failure,
    named::{self, Named},
    world::World,
};

/// Holds.
///
/// # Errors
/// If nothing or more than one is named, if it cannot be held, or if the ledger does not do it.
pub async fn run(world: &World, args: &HoldArgs) -> Result<ExitStatus, Failure> {
    let found = named::find(world.book.as_ref(), &args.selector).await?;
    let changed = change(world, &found.subject(), |named, now| {
        let environment = held_environment(named, now)?;
        decide(environment, &world.identity, &args.reason, args.until, now).map(Some)
    })
    .await?;
    let now = changed.reading.now;
    let until = args.until.map_or_else(
        || "until it is lifted".to_owned(),
        |until| format!("until {}", age::both(until, now)),
    );
    let name = render::name(&changed.found.named);
    let sentence =
        format!("{name} is held {until}: nothing is destroyed, whatever its lifetime says");
    let next = render::claim_warning(&changed.found.named, now).map_or_else(
        || {
            format!(
                "lift it with `sweeper unhold {} --reason TEXT`",
                args.selector
            )
        },
        |warning| format!("warning: {warning}"),
    );
    render::say_changed(world, &changed, &sentence, Some(&next))?;
    Ok(ExitStatus::Clean)
}

/// The environment in `named`, if it is one that can be held.
pub(super) fn held_environment(named: &Named, now: Timestamp) -> Result<&Environment, Refusal> {
    let environment = match named {
        Named::Environment(environment, _) => environment,
        Named::Lease(lease) => {
            return Err(Refusal::new(
                format!("`{}` is a lease, and only environments are held", lease.id),
                format!(
                    "let it live longer with `sweeper extend {} --by 4h --reason TEXT`",
                    lease.id
                ),
            ));
        }
    };
    if environment.is_over() {
        return Err(Refusal::new(
            format!(
                "`{}` (generation {}) is over: {}",
                environment.name,
                environment.generation,
                render::course(&environment.course, now)
            ),
            "nothing is left to hold; `sweeper list` shows what lives",
        ));
    }
    Ok(environment)
}

fn decide(
    environment: &Environment,
    by: &Identity,
    reason: &Reason,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<Change, Refusal> {
    let until = until.map(whole_second);
    if let Some(until) = until.filter(|until| *until <= now) {
        return Err(Refusal::new(
            format!(
                "a hold until {} would be over already",
                age::both(until, now)
            ),
            "name a later time, or leave `--until` away",
        ));
    }
    if let Some(hold) = environment.hold.as_ref().filter(|hold| hold.holds(now)) {
        let lasts_longer = match (hold.until, until) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(before), Some(after)) => before <= after,
        };
        if !lasts_longer {
            return Err(Refusal::new(
                format!(
                    "`{}` is already held by {} {}: {}; another hold never shortens that",
                    environment.name,
                    hold.by,
                    hold.until.map_or_else(
                        || "until it is lifted".to_owned(),
                        |until| format!("until {}", age::both(until, now))
                    ),
                    hold.reason
                ),
                format!(
                    "leave it, or lift it first with `sweeper unhold {} --reason TEXT`",
                    environment.name
                ),
            ));
        }
    }
    let mut held = environment.clone();
    held.hold = Some(Hold {
        by: by.clone(),
        reason: reason.to_string(),
        since: whole_second(now),
        until,
    });
    let mut detail = vec![("reason", reason.to_string())];
    if let Some(until) = until {
        detail.push(("until", rfc3339(until)));
    }
    if let Some(before) = &environment.hold {
        detail.push(("replaces", format!("{}: {}", before.by, before.reason)));
    }
    Ok(Change {
        record: Record::Environment(held),
        kind: EventKind::Held,
        detail,
    })
}
