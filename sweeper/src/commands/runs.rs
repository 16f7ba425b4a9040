//! How runs of Terraform are shown to people, and which are shown of one environment.

use ledger::{
    book::Book,
    clock::{Timestamp, rfc3339},
    environment::Environment,
    liveness::Runs,
    run::{Life, Run},
};

use crate::{
    age,
    failure::Failure,
    screen::Screen,
    sweep::observe,
    table::{Cell, Table, Tone},
    world::World,
};

/// The runs that may still tell something; what cannot be read of them is warned of.
pub(super) async fn known(world: &World) -> Result<Runs, Failure> {
    let runs = observe::runs(world.book.as_ref() as &dyn Book).await?;
    for (subject, cause) in &runs.unreadable {
        world.screen.warn(&format!(
            "{subject} cannot be read, so nobody can tell whether a run is alive: {cause}"
        ));
    }
    Ok(runs)
}

/// The runs at work on `environment` and what is still known of those that ended, latest first.
pub(super) fn of<'a>(runs: &'a Runs, environment: &Environment) -> Vec<&'a Run> {
    let mut found: Vec<&Run> = runs
        .runs
        .iter()
        .filter(|run| ledger::liveness::concerns(run, environment))
        .collect();
    found.sort_by(|left, right| (right.last_sign(), &right.id).cmp(&(left.last_sign(), &left.id)));
    found
}

/// Runs, one a line; `None` if there are none.
pub(super) fn table(screen: &Screen, runs: &[&Run], now: Timestamp) -> Option<Table> {
    if runs.is_empty() {
        return None;
    }
    let headers = [
        "run",
        "is",
        "last sign of life",
        "by",
        "host",
        "what",
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

fn life(run: &Run, now: Timestamp) -> Cell {
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
