//! `extend`: one environment or lease lives longer; never shorter, never past its hard end.

use ledger::{
    book::Record,
    clock::{Timestamp, after, rfc3339, whole_second},
    environment::{Course, Environment},
    event::EventKind,
    lease::Lease,
};

use super::render;
use crate::{
    age,
    change::{Change, Refusal, change},
    cli::{ExtendArgs, HowLong, Reason},
    exit::ExitStatus,
    failure::Failure,
    named::{self, Named},
    world::World,
};

/// Extends.
///
/// # Errors
/// If nothing or more than one is named, if it cannot live so long, or if the ledger does not do it.
pub async fn run(world: &World, args: &ExtendArgs) -> Result<ExitStatus, Failure> {
    let Some(how_long) = args.how_long() else {
        return Err(Refusal::new("it was not said how long", "write for example `--by 4h`").into());
    };
    let found = named::find(world.book.as_ref(), &args.selector).await?;
    let changed = change(world, &found.subject(), |named, now| {
        decide(named, &how_long, &args.reason, now).map(Some)
    })
    .await?;
    let now = changed.reading.now;
    let end = |named: &Named| match named {
        Named::Environment(environment, _) => environment.expires_at(),
        Named::Lease(lease) => lease.expires_at(),
    };
    let sentence = format!(
        "{} now expires at {}; it was {}",
        render::name(&changed.found.named),
        age::both(end(&changed.found.named), now),
        rfc3339(end(&changed.before))
    );
    let next = render::claim_warning(&changed.found.named, now)
        .map(|warning| format!("warning: {warning}"))
        .or_else(|| next_step(&changed.found.named));
    render::say_changed(world, &changed, &sentence, next.as_deref())?;
    Ok(ExitStatus::Clean)
}

fn next_step(named: &Named) -> Option<String> {
    let Named::Environment(environment, _) = named else {
        return None;
    };
    Some(format!(
        "Terraform sees the new expiry at its next refresh, without a change; the hard end stays {}",
        rfc3339(environment.hard_expires_at())
    ))
}

fn decide(
    named: &Named,
    how_long: &HowLong,
    reason: &Reason,
    now: Timestamp,
) -> Result<Change, Refusal> {
    match named {
        Named::Environment(environment, _) => {
            let until = environment_end(environment, how_long, now)?;
            let before = environment.expires_at();
            let mut environment = environment.clone();
            environment.extended_until = Some(until);
            Ok(told(
                Record::Environment(environment),
                before,
                until,
                reason,
            ))
        }
        Named::Lease(lease) => {
            let until = lease_end(lease, how_long, now)?;
            let before = lease.expires_at();
            let mut lease = lease.clone();
            lease.extended_until = Some(until);
            Ok(told(Record::Lease(lease), before, until, reason))
        }
    }
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

/// The new end of `environment`.
fn environment_end(
    environment: &Environment,
    how_long: &HowLong,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    if let Course::Destroyed { .. } | Course::Released { .. } = environment.course {
        return Err(Refusal::new(
            format!(
                "`{}` (generation {}) is over: {}",
                environment.name,
                environment.generation,
                render::course(&environment.course, now)
            ),
            "what is over is not brought back; apply its configuration again for a new generation",
        ));
    }
    new_end(
        &format!("`{}`", environment.name),
        environment.expires_at(),
        Some(environment.hard_expires_at()),
        how_long,
        now,
    )
}

/// The new end of `lease`. A lease that ended is not revived: what it stood for may have been given to others.
fn lease_end(lease: &Lease, how_long: &HowLong, now: Timestamp) -> Result<Timestamp, Refusal> {
    if !lease.is_active(now) {
        let how = if lease.released.is_some() {
            "was released"
        } else {
            "ended"
        };
        return Err(Refusal::new(
            format!(
                "`{}` {how} ({}), and what ended is not extended",
                lease.id,
                age::both(lease.expires_at(), now)
            ),
            "renew it in its configuration: change `triggers` of the `ttl_lease`, and apply",
        ));
    }
    let hard_end = lease
        .max_ttl
        .as_ref()
        .map(|max| after(lease.created_at, max.delta()));
    new_end(
        &format!("`{}`", lease.id),
        lease.expires_at(),
        hard_end,
        how_long,
        now,
    )
}

fn new_end(
    name: &str,
    expires: Timestamp,
    hard_end: Option<Timestamp>,
    how_long: &HowLong,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let wanted = match how_long {
        // From now where the expiry is past: four hours more are four hours to work in.
        HowLong::By(span) => expires.max(now).checked_add_signed(span.delta()),
        HowLong::Until(at) => Some(*at),
    };
    let wanted = whole_second(wanted.unwrap_or(Timestamp::MAX_UTC));
    if let Some(hard_end) = hard_end.filter(|hard_end| *hard_end < wanted) {
        let hint = if now < hard_end && expires < hard_end {
            format!(
                "the furthest is `--until {}`; for more, raise its maximum in the configuration, and apply",
                rfc3339(hard_end)
            )
        } else {
            "raise its maximum in the configuration, and apply".to_owned()
        };
        return Err(Refusal::new(
            format!(
                "{name} cannot live until {}: its hard end is {}, and nothing passes that",
                rfc3339(wanted),
                age::both(hard_end, now)
            ),
            hint,
        ));
    }
    if wanted <= expires {
        return Err(Refusal::new(
            format!(
                "{name} already lives until {}, and an extension never shortens that; {} was asked for",
                age::both(expires, now),
                rfc3339(wanted)
            ),
            "ask for a later end, for example `--by 4h`",
        ));
    }
    if wanted <= now {
        return Err(Refusal::new(
            format!("{} is in the past", rfc3339(wanted)),
            "ask for a later end, for example `--by 4h`",
        ));
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use ledger::ttl::Ttl;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::default() + TimeDelta::hours(hours)
    }

    fn by(hours: u16) -> HowLong {
        HowLong::By(Ttl::hours(hours))
    }

    fn end(expires: i64, hard: Option<i64>, how: &HowLong, now: i64) -> Result<Timestamp, Refusal> {
        new_end("`pr-1`", at(expires), hard.map(at), how, at(now))
    }

    #[test]
    fn an_extension_counts_from_the_expiry_or_from_now_if_that_is_past() {
        assert_eq!(end(10, Some(72), &by(4), 2), Ok(at(14)));
        assert_eq!(end(10, Some(72), &by(4), 12), Ok(at(16)));
        assert_eq!(end(10, None, &HowLong::Until(at(11)), 2), Ok(at(11)));
    }

    #[test]
    fn nothing_passes_the_hard_end_and_the_refusal_names_it() {
        assert_eq!(end(10, Some(14), &by(4), 2), Ok(at(14)));
        let refusal = end(10, Some(13), &by(4), 2).expect_err("past the hard end");
        assert!(refusal.found.contains("1970-01-01T13:00:00Z"), "{refusal}");
        assert!(refusal.hint.contains("--until 1970-01-01T13:00:00Z"));
        assert!(end(10, Some(10), &by(1), 12).is_err());
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
