//! How runs of Terraform are shown to people, and which are shown of one environment.

use ledger::{
    clock::{Timestamp, rfc3339},
    liveness::Runs,
    run::{Life, Run, RunEnd},
};

use super::Session;
use crate::{
    age,
    failure::Failure,
    lookup::Target,
    screen::Screen,
    table::{Cell, Table, Tone},
};

/// The runs that may still tell something; what cannot be read of them is warned of.
pub(super) async fn known(session: &Session) -> Result<Runs, Failure> {
    let runs = session.world.sources.runs().await?;
    for (subject, cause) in &runs.unreadable {
        session.screen.warn(&format!(
            "cannot read {subject}, so whether a run is alive is not known: {cause}"
        ));
    }
    Ok(runs)
}

/// The runs at work on `target` and what is still known of those that ended, latest first.
pub(super) fn of<'a>(runs: &'a Runs, target: &Target) -> Vec<&'a Run> {
    let Target::Environment(environment, _) = target else {
        return Vec::new();
    };
    let mut found: Vec<&Run> = runs
        .runs
        .iter()
        .filter(|run| ledger::liveness::concerns(run, environment))
        .collect();
    found.sort_by(|left, right| latest_first(left, right));
    found
}

/// The order in which runs are shown: by their last sign of life.
pub(super) fn latest_first(left: &Run, right: &Run) -> std::cmp::Ordering {
    (right.last_sign(), &right.id).cmp(&(left.last_sign(), &left.id))
}

/// Runs, one a line; `None` if there are none.
pub(super) fn table(screen: &Screen, runs: &[&Run], now: Timestamp) -> Option<Table> {
    if runs.is_empty() {
        return None;
    }
    let headers = [
        "run",
        "status",
        "last sign of life",
        "by",
        "host",
        "command",
        "job",
    ];
    let mut table = Table::new(screen, &headers);
    for run in runs {
        table.row([
            Cell::from(run.id.as_str()),
            life(run, now),
            Cell::from(age::both(run.last_sign(), now)),
            Cell::from(run.opened_by.to_string()),
            Cell::from(&run.host),
            Cell::from(run.command.as_deref().unwrap_or_default()),
            Cell::from(run.ci_job.as_deref().unwrap_or_default()),
        ]);
    }
    Some(table)
}

/// Whether it lives, in a few words.
pub(super) fn life(run: &Run, now: Timestamp) -> Cell {
    match run.life(now) {
        Life::Alive { until } if run.interrupted_at.is_some() => Cell::new(
            format!("interrupted, alive until {}", rfc3339(until)),
            Tone::Warn,
        ),
        Life::Alive { until } => Cell::new(format!("alive until {}", rfc3339(until)), Tone::Good),
        Life::Closed { .. } => Cell::new("closed", Tone::Dim),
        Life::Dead { since } => Cell::new(format!("dead since {}", rfc3339(since)), Tone::Warn),
    }
}

/// The facts of a run, one a line.
pub(super) fn facts(screen: &Screen, run: &Run, now: Timestamp) -> Table {
    let mut table = Table::new(screen, &[]);
    let when = |at: Timestamp| age::both(at, now);
    let labels = run
        .labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    let labels: Vec<String> = labels.collect();
    table.fact("id", run.id.as_str());
    table.fact("life", whole_life(run, now));
    table.maybe("command", run.command.as_deref());
    table.fact("opened by", run.opened_by.to_string());
    table.fact("host", &run.host);
    table.maybe("job", run.ci_job.as_deref());
    table.maybe("environment", run.environment.as_deref());
    table.maybe("state", run.state.as_ref());
    table.fact("labels", labels.join(", "));
    table.fact("ttl", run.ttl.to_string());
    table.fact("opened", when(run.opened_at));
    table.fact("renewed", when(run.renewed_at));
    table.maybe("interrupted", run.interrupted_at.map(when));
    let teardown = run
        .fence
        .map(|fence| format!("part of a sweeper's destroy, with token {fence}; it keeps nothing"));
    table.maybe("teardown", teardown.as_deref());
    table.fact(
        "superseded",
        if run.superseded {
            "yes, by a later run"
        } else {
            "no"
        },
    );
    table
}

/// Its life with the time, and for a death whether it is final.
fn whole_life(run: &Run, now: Timestamp) -> Cell {
    let at = |at: Timestamp| age::both(at, now);
    match (run.life(now), run.end) {
        (Life::Alive { until }, _) => Cell::new(format!("alive until {}", at(until)), Tone::Good),
        (Life::Closed { at: closed }, _) => Cell::new(format!("closed {}", at(closed)), Tone::Dim),
        (Life::Dead { since }, Some(RunEnd::Died { noted_at, .. })) => Cell::new(
            format!("dead since {}, noted {}", at(since), at(noted_at)),
            Tone::Warn,
        ),
        (Life::Dead { since }, _) => Cell::new(
            format!("dead since {}; a late sign of life revives it", at(since)),
            Tone::Warn,
        ),
    }
}

/// `run-… (terraform apply, ana@shop, https://…)`.
pub(super) fn in_words(run: &Run) -> String {
    let known = [
        run.command.clone(),
        Some(run.opened_by.subject.clone()),
        run.ci_job.clone(),
    ];
    let known: Vec<String> = known.into_iter().flatten().collect();
    format!("{} ({})", run.id, known.join(", "))
}
