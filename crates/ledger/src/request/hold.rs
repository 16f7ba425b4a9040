//! A hold: nothing happens to one environment. A hold is never shortened by another.

use super::Change;
use crate::{
    book::Record,
    clock::{Timestamp, rfc3339, whole_second},
    environment::{Environment, Hold},
    event::EventKind,
    identity::Identity,
    reason::Reason,
};

/// Why it is not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldRefusal {
    /// The environment is over: nothing is left to hold.
    Over,
    /// The hold would be over already.
    InThePast {
        /// What was asked for.
        until: Timestamp,
    },
    /// It is held already, and longer.
    Shorter {
        /// The hold it has.
        hold: Hold,
    },
}

/// `environment`, held by `by`; without an `until`, until it is lifted.
///
/// # Errors
/// Why not.
pub fn hold_environment(
    environment: &Environment,
    by: &Identity,
    reason: &Reason,
    until: Option<Timestamp>,
    now: Timestamp,
) -> Result<Change, HoldRefusal> {
    if environment.is_over() {
        return Err(HoldRefusal::Over);
    }
    let until = until.map(whole_second);
    if let Some(until) = until.filter(|until| *until <= now) {
        return Err(HoldRefusal::InThePast { until });
    }
    if let Some(hold) = environment.hold.as_ref().filter(|hold| hold.holds(now)) {
        let lasts_longer = match (hold.until, until) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(before), Some(after)) => before <= after,
        };
        if !lasts_longer {
            return Err(HoldRefusal::Shorter { hold: hold.clone() });
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
