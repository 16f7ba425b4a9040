//! How environments, leases and events are shown to people: the same words in every command.

use ledger::{
    book::Claim,
    clock::{Timestamp, after, rfc3339},
    environment::{Environment, Lifecycle},
    event::ChainedEvent,
    lease::Lease,
    phase::{Phase, phase},
};

use super::Session;
use crate::{
    age,
    failure::Failure,
    json::{document::ChangeJson, environment::EnvironmentJson, lease::LeaseJson},
    lookup::{Found, Target},
    screen::Screen,
    table::{Cell, Table, Tone},
};

/// A phase, in the tone it deserves.
pub(super) fn phase_cell(phase: Phase) -> Cell {
    let tone = match phase {
        Phase::Ready | Phase::Active => Tone::Good,
        Phase::Requested | Phase::Provisioning | Phase::Idle | Phase::Hibernated | Phase::Held => {
            Tone::Plain
        }
        Phase::Expiring | Phase::Destroying => Tone::Warn,
        Phase::Expired | Phase::Stuck => Tone::Bad,
        Phase::Destroyed | Phase::Released => Tone::Dim,
    };
    Cell::new(phase.as_str(), tone)
}

/// The name of what was found, in a sentence.
pub(super) fn name(target: &Target) -> String {
    match target {
        Target::Environment(environment, _) => format!("`{}`", environment.name),
        Target::Lease(lease) => format!("`{}`", lease.id),
    }
}

/// That `environment` is over, and how it ended.
pub(super) fn over(environment: &Environment, now: Timestamp) -> String {
    format!(
        "`{}` (generation {}) is over: {}",
        environment.name,
        environment.generation,
        lifecycle(&environment.lifecycle, now)
    )
}

/// `1 chain`, `2 chains`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Says which generation is meant where a name has several.
pub(super) fn say_which(screen: &Screen, found: &Found) {
    if let Target::Environment(environment, _) = &found.target
        && 0 < found.others
    {
        screen.note(&format!(
            "`{}` has {} generations; this is generation {}. Name another by its id: `sweeper list --all`",
            environment.name,
            found.others + 1,
            environment.generation
        ));
    }
}

/// The record in JSON, in one of two places.
pub(super) fn record(
    found: &Found,
    now: Timestamp,
) -> (Option<EnvironmentJson>, Option<LeaseJson>) {
    match &found.target {
        Target::Environment(environment, claim) => (
            Some(EnvironmentJson::of(
                environment,
                found.revision,
                claim.as_ref(),
                now,
            )),
            None,
        ),
        Target::Lease(lease) => (None, Some(LeaseJson::of(lease, found.revision, now))),
    }
}

/// Prints what a change did: the document, or `sentence` and the next step.
pub(super) fn say_updated(
    session: &Session,
    updated: &crate::update::Updated,
    sentence: &str,
    next: Option<&str>,
) -> Result<(), Failure> {
    if session.screen.json {
        let (environment, lease) = record(&updated.found, updated.reading.now);
        let document = ChangeJson {
            changed: updated.changed,
            environment,
            lease,
        };
        session.document(&updated.reading, document)?;
    } else {
        session.screen.data(sentence)?;
    }
    if let Some(next) = next {
        session.screen.note(next);
    }
    Ok(())
}

/// A hint where a sweeper is at work on the environment right now, which a change may come too late for.
pub(super) fn claim_warning(target: &Target, now: Timestamp) -> Option<String> {
    let Target::Environment(environment, claim) = target else {
        return None;
    };
    if let Some(claim) = claim.as_ref().filter(|claim| now < claim.until) {
        return Some(format!(
            "a sweeper is at work on `{}` right now ({}); it looks again before it destroys, but this may come too \
             late. Look again with `sweeper show {}`",
            environment.name, claim.holder, environment.id
        ));
    }
    match &environment.lifecycle {
        Lifecycle::Destroying(_) | Lifecycle::Stuck(_) => Some(format!(
            "a teardown of `{}` has begun, so part of it may be gone already; look with `sweeper explain {}`",
            environment.name, environment.id
        )),
        Lifecycle::Living | Lifecycle::Destroyed { .. } | Lifecycle::Released { .. } => None,
    }
}

/// The facts of an environment, one a line.
pub(super) fn environment_table(
    screen: &Screen,
    environment: &Environment,
    claim: Option<&Claim>,
    now: Timestamp,
) -> Table {
    let mut table = Table::new(screen, &[]);
    let when = |at: Timestamp| age::both(at, now);
    let lifetime = &environment.lifetime;
    table.fact("name", environment.name.as_str());
    table.fact("id", environment.id.as_str());
    table.fact("generation", environment.generation.to_string());
    table.fact("phase", phase_cell(phase(environment, None, now)));
    table.fact("owner", &environment.owner);
    table.maybe("team", environment.team.as_deref());
    table.maybe("project", environment.project.as_deref());
    table.fact("created by", environment.created_by.to_string());
    table.maybe("change request", environment.change_request.as_ref());
    table.fact("created", when(environment.created_at));
    table.fact("renewed", when(environment.renewed_at));
    table.maybe("extended until", environment.extended_until.map(when));
    table.fact("expires", when(environment.expires_at()));
    table.fact("due", when(environment.due_at()));
    table.fact("hard end", when(environment.hard_expires_at()));
    table.fact(
        "lifetime",
        format!(
            "ttl {}, max {}, idle {}, hibernate after {}, grace {}",
            lifetime.ttl, lifetime.max, lifetime.idle, lifetime.hibernate_after, lifetime.grace
        ),
    );
    table.fact("on expiry", environment.on_expiry.as_str());
    table.fact("running", if environment.running { "yes" } else { "no" });
    let tags: Vec<String> = environment
        .tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    table.fact("tags", tags.join(", "));
    table.fact("hold", hold_cell(environment, now));
    table.maybe("state", environment.state.as_ref());
    table.maybe("lineage", environment.lineage.as_deref());
    table.maybe("marker seen", environment.marker_seen_at.map(when));
    table.fact("capture", capture(environment, now));
    table.fact("lifecycle", lifecycle(&environment.lifecycle, now));
    table.maybe("claim", claim.map(|claim| describe_claim(claim, now)));
    table
}

fn hold_cell(environment: &Environment, now: Timestamp) -> Cell {
    let Some(hold) = &environment.hold else {
        return Cell::from("");
    };
    let until = hold.until.map_or_else(
        || "until it is lifted".to_owned(),
        |until| format!("until {}", age::both(until, now)),
    );
    let text = format!(
        "by {} since {} {until}: {}",
        hold.by,
        rfc3339(hold.since),
        hold.reason
    );
    if hold.holds(now) {
        return Cell::new(text, Tone::Warn);
    }
    Cell::new(format!("over: {text}"), Tone::Dim)
}

fn capture(environment: &Environment, now: Timestamp) -> String {
    let Some(capture) = &environment.capture else {
        return String::new();
    };
    let capsule = capture.capsule.as_ref().map_or_else(
        || "no capsule".to_owned(),
        |sha256| format!("capsule {}", sha256.get(..12).unwrap_or(sha256)),
    );
    let mut text = format!("{capsule}, {}, {}", capture.cli, age::both(capture.at, now));
    for (what, list) in [
        ("prevent_destroy", &capture.prevent_destroy),
        ("destroy-time provisioners", &capture.destroy_provisioners),
        ("gaps", &capture.gaps),
    ] {
        if !list.is_empty() {
            text.push_str(&format!("; {what}: {}", list.join(", ")));
        }
    }
    text
}

/// How far a life has come, in one sentence.
pub(super) fn lifecycle(lifecycle: &Lifecycle, now: Timestamp) -> String {
    match lifecycle {
        Lifecycle::Living => "living".to_owned(),
        Lifecycle::Destroying(teardown) => format!(
            "being destroyed since {}, step {}, operation {}",
            age::both(teardown.since, now),
            teardown.step.as_str(),
            teardown.operation
        ),
        Lifecycle::Stuck(stuck) => format!(
            "stuck since {} after {} passes: {}; {}; next try {}",
            age::both(stuck.since, now),
            stuck.passes,
            stuck.reason,
            stuck.remedy,
            age::both(stuck.retry_at, now)
        ),
        Lifecycle::Destroyed { at, evidence } => format!(
            "destroyed {} ({}): {} deleted, serial {} to {}",
            age::both(*at, now),
            evidence.strategy,
            evidence.deleted.len(),
            evidence.serial_before,
            evidence.serial_after
        ),
        Lifecycle::Released { at, by, reason } => {
            format!("released {} by {by}: {reason}", age::both(*at, now))
        }
    }
}

fn describe_claim(claim: &Claim, now: Timestamp) -> String {
    let how = if now < claim.until {
        "until"
    } else {
        "ran out"
    };
    format!(
        "{} with token {}, {how} {}",
        claim.holder,
        claim.fence,
        age::both(claim.until, now)
    )
}

/// The facts of a lease, one a line.
pub(super) fn lease_table(screen: &Screen, lease: &Lease, now: Timestamp) -> Table {
    let mut table = Table::new(screen, &[]);
    let when = |at: Timestamp| age::both(at, now);
    table.fact("id", lease.id.as_str());
    table.fact("active", if lease.is_active(now) { "yes" } else { "no" });
    table.fact("holder", &lease.holder);
    table.maybe("environment", lease.environment.as_deref());
    table.fact("targets", lease.targets.join(", "));
    table.fact("created by", lease.created_by.to_string());
    table.fact("created", when(lease.created_at));
    table.fact("renewed", when(lease.renewed_at));
    table.maybe("extended until", lease.extended_until.map(when));
    table.fact("expires", when(lease.expires_at()));
    let max = lease.max_ttl.as_ref();
    let hard_end = max.map(|max| when(after(lease.created_at, max.delta())));
    table.maybe("hard end", hard_end);
    table.fact("fencing token", lease.fencing_token.to_string());
    let released = lease.released.as_ref();
    let released = released
        .map(|release| format!("{} by {}: {}", when(release.at), release.by, release.reason));
    table.maybe("released", released);
    table
}

/// Events, one a line, oldest first.
pub(super) fn event_table(screen: &Screen, events: &[ChainedEvent]) -> Table {
    let mut table = Table::new(screen, &["#", "at", "event", "by", "details"]);
    for chained in events {
        let event = &chained.event;
        let operation = event
            .operation
            .iter()
            .map(|operation| format!("operation={operation}"));
        let detail = event
            .detail
            .iter()
            .map(|(key, value)| format!("{key}={value}"));
        let details: Vec<String> = operation.chain(detail).collect();
        table.row([
            Cell::from(chained.seq.to_string()),
            Cell::from(rfc3339(event.at)),
            Cell::from(event.kind.as_str()),
            Cell::from(event.by.to_string()),
            Cell::from(details.join(" ")),
        ]);
    }
    table
}
