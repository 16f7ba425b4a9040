//! An extension: one environment or lease lives longer; never shorter, never past its hard end.

use super::Change;
use crate::{
    book::Record,
    clock::{Timestamp, after, rfc3339, whole_second},
    environment::Environment,
    event::EventKind,
    lease::Lease,
    reason::Reason,
    ttl::Ttl,
};

/// How much longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HowLong {
    /// By so much.
    By(Ttl),
    /// Until then.
    Until(Timestamp),
}

/// Why it does not live longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExtendRefusal {
    /// The environment is over, and what is over is not brought back.
    Over,
    /// The lease ended. What it stood for may have been given to others.
    Ended,
    /// Nothing passes the hard end.
    PastTheHardEnd {
        /// What was asked for.
        wanted: Timestamp,
        /// The furthest.
        hard_end: Timestamp,
        /// Whether an extension up to the hard end would be one.
        reachable: bool,
    },
    /// It lives that long already.
    Shorter {
        /// What was asked for.
        wanted: Timestamp,
        /// What it has.
        expires: Timestamp,
    },
    /// The end that was asked for is over.
    InThePast {
        /// What was asked for.
        wanted: Timestamp,
    },
}

/// `environment` with a later end.
///
/// # Errors
/// Why not.
pub fn extend_environment(
    environment: &Environment,
    how_long: &HowLong,
    reason: &Reason,
    now: Timestamp,
) -> Result<Change, ExtendRefusal> {
    if environment.is_over() {
        return Err(ExtendRefusal::Over);
    }
    let before = environment.expires_at();
    let hard_end = Some(environment.hard_expires_at());
    let until = new_end(before, hard_end, how_long, now)?;
    let mut extended = environment.clone();
    extended.extended_until = Some(until);
    Ok(told(Record::Environment(extended), before, until, reason))
}

/// `lease` with a later end.
///
/// # Errors
/// Why not.
pub fn extend_lease(
    lease: &Lease,
    how_long: &HowLong,
    reason: &Reason,
    now: Timestamp,
) -> Result<Change, ExtendRefusal> {
    if !lease.is_active(now) {
        return Err(ExtendRefusal::Ended);
    }
    let before = lease.expires_at();
    let max = lease.max_ttl.as_ref();
    let hard_end = max.map(|max| after(lease.created_at, max.delta()));
    let until = new_end(before, hard_end, how_long, now)?;
    let mut extended = lease.clone();
    extended.extended_until = Some(until);
    Ok(told(Record::Lease(extended), before, until, reason))
}

fn told(record: Record, before: Timestamp, until: Timestamp, reason: &Reason) -> Change {
    Change {
        record,
        kind: EventKind::Extended,
        detail: vec![
            ("reason", reason.to_string()),
            ("before", rfc3339(before)),
            ("expires_at", rfc3339(until)),
        ],
    }
}

fn new_end(
    expires: Timestamp,
    hard_end: Option<Timestamp>,
    how_long: &HowLong,
    now: Timestamp,
) -> Result<Timestamp, ExtendRefusal> {
    let wanted = match how_long {
        // From now where the expiry is past: four hours more are four hours to work in.
        HowLong::By(span) => expires.max(now).checked_add_signed(span.delta()),
        HowLong::Until(at) => Some(*at),
    };
    let wanted = whole_second(wanted.unwrap_or(Timestamp::MAX_UTC));
    if let Some(hard_end) = hard_end.filter(|hard_end| *hard_end < wanted) {
        return Err(ExtendRefusal::PastTheHardEnd {
            wanted,
            hard_end,
            reachable: now < hard_end && expires < hard_end,
        });
    }
    if wanted <= expires {
        return Err(ExtendRefusal::Shorter { wanted, expires });
    }
    if wanted <= now {
        return Err(ExtendRefusal::InThePast { wanted });
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::default() + TimeDelta::hours(hours)
    }

    fn by(hours: u16) -> HowLong {
        HowLong::By(Ttl::hours(hours))
    }

    fn end(
        expires: i64,
        hard: Option<i64>,
        how: &HowLong,
        now: i64,
    ) -> Result<Timestamp, ExtendRefusal> {
        new_end(at(expires), hard.map(at), how, at(now))
    }

    #[test]
    fn an_extension_counts_from_the_expiry_or_from_now_if_that_is_past() {
        assert_eq!(end(10, Some(72), &by(4), 2), Ok(at(14)));
        assert_eq!(end(10, Some(72), &by(4), 12), Ok(at(16)));
        assert_eq!(end(10, None, &HowLong::Until(at(11)), 2), Ok(at(11)));
    }

    #[test]
    fn nothing_passes_the_hard_end_and_the_refusal_says_whether_it_can_be_reached() {
        assert_eq!(end(10, Some(14), &by(4), 2), Ok(at(14)));
        for (hard, now, reachable) in [(13, 2, true), (10, 12, false)] {
            let refused = end(10, Some(hard), &by(4), now);
            let expected = ExtendRefusal::PastTheHardEnd {
                wanted: at(10.max(now) + 4),
                hard_end: at(hard),
                reachable,
            };
            assert_eq!(refused, Err(expected));
        }
        let longest = HowLong::Until(Timestamp::MAX_UTC);
        assert!(end(10, Some(13), &longest, 2).is_err());
    }

    #[test]
    fn an_extension_never_shortens_and_never_ends_in_the_past() {
        for (until, now) in [(9, 2), (10, 2), (11, 12)] {
            assert!(
                end(10, Some(72), &HowLong::Until(at(until)), now).is_err(),
                "{until}"
            );
        }
    }
}
