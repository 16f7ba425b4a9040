//! `extend`: one environment or lease lives longer; never shorter, never past its hard end.

use ledger::{
    clock::{Timestamp, rfc3339},
    request::extend::{ExtendRefusal, extend_environment, extend_lease},
};

use super::{
    Session,
    change_record::{Beside, Said, change_record},
    render,
};
use crate::{
    age,
    cli::{ExtendArgs, HowLong, Reason},
    exit::ExitStatus,
    failure::Failure,
    lookup::Target,
    update::{Change, Refusal, Updated},
};

/// Extends.
///
/// # Errors
/// If nothing or more than one is named, if it cannot live so long, or if the ledger does not do it.
pub async fn run(session: &Session, args: &ExtendArgs) -> Result<ExitStatus, Failure> {
    let Some(how_long) = args.how_long() else {
        return Err(Refusal::new("no duration given", "write for example `--by 4h`").into());
    };
    let decide = |target: &Target, now| decide(target, &how_long, &args.reason, now).map(Some);
    change_record(session, &args.selector, Beside::Sweepers, decide, said).await
}

fn said(updated: &Updated) -> Said {
    let now = updated.reading.now;
    let sentence = format!(
        "{} now expires at {}; it was {}",
        render::name(&updated.found.target),
        age::both(end(&updated.found.target), now),
        rfc3339(end(&updated.before))
    );
    let next = render::claim_warning(&updated.found.target, now)
        .map(|warning| format!("warning: {warning}"))
        .or_else(|| next_step(&updated.found.target));
    (sentence, next)
}

fn next_step(target: &Target) -> Option<String> {
    let Target::Environment(environment, _) = target else {
        return None;
    };
    Some(format!(
        "Terraform sees the new expiry at its next refresh, without a change; the hard end stays {}",
        rfc3339(environment.hard_expires_at())
    ))
}

fn decide(
    target: &Target,
    how_long: &HowLong,
    reason: &Reason,
    now: Timestamp,
) -> Result<Change, Refusal> {
    let decided = match target {
        Target::Environment(environment, _) => {
            extend_environment(environment, how_long, reason, now)
        }
        Target::Lease(lease) => extend_lease(lease, how_long, reason, now),
    };
    decided.map_err(|refusal| in_words(target, &refusal, now))
}

fn in_words(target: &Target, refusal: &ExtendRefusal, now: Timestamp) -> Refusal {
    let name = render::name(target);
    match refusal {
        ExtendRefusal::Over => {
            let found = match target {
                Target::Environment(environment, _) => render::over(environment, now),
                Target::Lease(_) => format!("{name} is over"),
            };
            Refusal::new(
                found,
                "apply its configuration again to begin a new generation",
            )
        }
        ExtendRefusal::Ended => {
            let how = match target {
                Target::Lease(lease) if lease.released.is_some() => "was released",
                _ => "ended",
            };
            Refusal::new(
                format!(
                    "cannot extend {name}: it {how} ({})",
                    age::both(end(target), now)
                ),
                "renew it in its configuration: change `triggers` of the `ttl_lease`, and apply",
            )
        }
        ExtendRefusal::PastTheHardEnd {
            wanted,
            hard_end,
            reachable,
        } => {
            let raise = "raise its maximum in the configuration, and apply";
            let hint = if *reachable {
                format!(
                    "the furthest is `--until {}`; for more, {raise}",
                    rfc3339(*hard_end)
                )
            } else {
                raise.to_owned()
            };
            Refusal::new(
                format!(
                    "cannot extend {name} until {}: its hard end is {}",
                    rfc3339(*wanted),
                    age::both(*hard_end, now)
                ),
                hint,
            )
        }
        ExtendRefusal::Shorter { wanted, expires } => Refusal::new(
            format!(
                "{name} already expires at {}; an extension to {} would shorten its life",
                age::both(*expires, now),
                rfc3339(*wanted)
            ),
            "ask for a later end, for example `--by 4h`",
        ),
        ExtendRefusal::InThePast { wanted } => Refusal::new(
            format!("{} is in the past", rfc3339(*wanted)),
            "ask for a later end, for example `--by 4h`",
        ),
    }
}

fn end(target: &Target) -> Timestamp {
    match target {
        Target::Environment(environment, _) => environment.expires_at(),
        Target::Lease(lease) => lease.expires_at(),
    }
}
