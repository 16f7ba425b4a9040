//! `hold`: nothing happens to one environment. A hold is never shortened by another.

use ledger::{
    clock::Timestamp,
    environment::Environment,
    identity::Identity,
    request::hold::{HoldRefusal, hold_environment},
};

use super::{
    Session,
    change_record::{Beside, change_record},
    render,
};
use crate::{
    age,
    cli::{HoldArgs, Reason},
    exit::ExitStatus,
    failure::Failure,
    lookup::Target,
    update::{Change, Refusal, Updated},
};

/// Holds.
///
/// # Errors
/// If nothing or more than one is named, if it cannot be held, or if the ledger does not do it.
pub async fn run(session: &Session, args: &HoldArgs) -> Result<ExitStatus, Failure> {
    let by = &session.world.identity;
    let decide = |target: &Target, now| {
        let environment = held_environment(target, now)?;
        decide(environment, by, &args.reason, args.until, now).map(Some)
    };
    let say = |updated: &Updated| {
        let now = updated.reading.now;
        let target = &updated.found.target;
        let name = render::name(target);
        let until = until(args.until, now);
        let next = render::claim_warning(target, now).map_or_else(
            || {
                format!(
                    "lift it with `sweeper unhold {} --reason TEXT`",
                    args.selector
                )
            },
            |warning| format!("warning: {warning}"),
        );
        (
            format!("{name} is held {until}; nothing destroys it meanwhile"),
            Some(next),
        )
    };
    change_record(session, &args.selector, Beside::Sweepers, decide, say).await
}

fn until(until: Option<Timestamp>, now: Timestamp) -> String {
    until.map_or_else(
        || "until it is lifted".to_owned(),
        |until| format!("until {}", age::both(until, now)),
    )
}

/// The environment in `target`, if it is one that can be held.
pub(super) fn held_environment(target: &Target, now: Timestamp) -> Result<&Environment, Refusal> {
    let environment = match target {
        Target::Environment(environment, _) => environment,
        Target::Lease(lease) => {
            return Err(Refusal::new(
                format!("`{}` is a lease, and only environments are held", lease.id),
                format!(
                    "extend it with `sweeper extend {} --by 4h --reason TEXT`",
                    lease.id
                ),
            ));
        }
    };
    if environment.is_over() {
        return Err(over(environment, now));
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
    hold_environment(environment, by, reason, until, now)
        .map_err(|refusal| in_words(environment, &refusal, now))
}

fn in_words(environment: &Environment, refusal: &HoldRefusal, now: Timestamp) -> Refusal {
    match refusal {
        HoldRefusal::Over => over(environment, now),
        HoldRefusal::InThePast { until } => Refusal::new(
            format!(
                "cannot hold until {}, which is in the past",
                age::both(*until, now)
            ),
            "give a later time, or leave out `--until`",
        ),
        HoldRefusal::Shorter { hold } => Refusal::new(
            format!(
                "`{}` is already held by {} {}: {}; a new hold cannot shorten it",
                environment.name,
                hold.by,
                self::until(hold.until, now),
                hold.reason
            ),
            format!(
                "leave it, or lift it first with `sweeper unhold {} --reason TEXT`",
                environment.name
            ),
        ),
    }
}

fn over(environment: &Environment, now: Timestamp) -> Refusal {
    Refusal::new(
        render::over(environment, now),
        "`sweeper list` shows the living environments",
    )
}
