//! `list`: the living environments, or leases, soonest to expire first; or runs, the latest first. Looks at the ledger only,
//! never at a state.

use ledger::{
    book::{Claim, Kind, Listing, Query, Record},
    clock::Timestamp,
    environment::Environment,
    id::Revision,
    lease::Lease,
    liveness::Runs,
    phase::{Phase, phase},
    run::Run,
};

use super::{Session, render::phase_cell, runs};
use crate::{
    age,
    cli::ListArgs,
    exit::ExitStatus,
    failure::Failure,
    json::{document::ListJson, environment::EnvironmentJson, lease::LeaseJson, run::RunJson},
    table::{Cell, Table, Tone},
};

/// Lists.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn run(session: &Session, args: &ListArgs) -> Result<ExitStatus, Failure> {
    let reading = session.world.reading().await?;
    let query = Query {
        kind: kind(args),
        name: None,
        // Who asks for those in a phase after the end asks for what is over.
        live_only: !args.all && !args.phase.is_some_and(is_after_the_end),
    };
    let listing = session.world.book.find(&query).await?;
    let rows = Rows::of(listing, args, reading.now);
    let known = match rows.kind {
        Kind::Environment => runs::known(session).await?,
        _ => Runs::default(),
    };
    if session.screen.json {
        session.document(&reading, rows.json(&known, reading.now))?;
    } else {
        show(session, &rows, reading.now)?;
        for (environment, run) in rows.alive(&known, reading.now) {
            session.screen.note(&format!(
                "{} is at work on `{}`; its last sign of life counts until {}",
                runs::in_words(run),
                environment.name,
                age::both(run.alive_until(), reading.now)
            ));
        }
    }
    for (subject, cause) in &rows.unreadable {
        session.screen.warn(&format!(
            "cannot read {subject}; it is missing from this list: {cause}"
        ));
    }
    Ok(
        if rows.unreadable.is_empty() && known.unreadable.is_empty() {
            ExitStatus::Clean
        } else {
            ExitStatus::Blind
        },
    )
}

fn kind(args: &ListArgs) -> Kind {
    match (args.leases, args.runs) {
        (true, _) => Kind::Lease,
        (_, true) => Kind::Run,
        _ => Kind::Environment,
    }
}

fn is_after_the_end(phase: Phase) -> bool {
    matches!(phase, Phase::Destroyed | Phase::Released)
}

/// What is listed, soonest to expire first; runs by their last sign of life, latest first.
struct Rows {
    kind: Kind,
    environments: Vec<(Environment, Revision, Option<Claim>)>,
    leases: Vec<(Lease, Revision)>,
    runs: Vec<Run>,
    unreadable: Vec<(String, ledger::fact::Cause)>,
}

impl Rows {
    fn of(listing: Listing, args: &ListArgs, now: Timestamp) -> Self {
        let mut rows = Self {
            kind: kind(args),
            environments: Vec::new(),
            leases: Vec::new(),
            runs: Vec::new(),
            unreadable: listing.unreadable,
        };
        let wanted = |owner: &str| args.owner.as_deref().is_none_or(|wanted| wanted == owner);
        for stored in listing.records {
            match stored.record {
                Record::Environment(environment)
                    if wanted(&environment.owner)
                        && args
                            .phase
                            .is_none_or(|wanted| wanted == phase(&environment, None, now)) =>
                {
                    rows.environments
                        .push((environment, stored.revision, stored.claim));
                }
                Record::Lease(lease) if wanted(&lease.holder) => {
                    rows.leases.push((lease, stored.revision));
                }
                Record::Run(run) if wanted(&run.opened_by.subject) => rows.runs.push(run),
                _ => {}
            }
        }
        rows.environments.sort_by(|(left, ..), (right, ..)| {
            (left.expires_at(), &left.id).cmp(&(right.expires_at(), &right.id))
        });
        rows.leases.sort_by(|(left, _), (right, _)| {
            (left.expires_at(), &left.id).cmp(&(right.expires_at(), &right.id))
        });
        rows.runs.sort_by(runs::latest_first);
        rows
    }

    /// What is listed and has a live run, with the run that keeps it longest.
    fn alive<'a>(
        &'a self,
        known: &'a Runs,
        now: Timestamp,
    ) -> impl Iterator<Item = (&'a Environment, &'a Run)> {
        self.environments
            .iter()
            .filter_map(move |(environment, ..)| {
                Some((environment, known.alive(environment, now)?))
            })
    }

    fn json(&self, known: &Runs, now: Timestamp) -> ListJson {
        let mut runs: Vec<&Run> = self.alive(known, now).map(|(_, run)| run).collect();
        runs.sort_by(|left, right| left.id.cmp(&right.id));
        runs.dedup();
        runs.extend(&self.runs);

        ListJson {
            environments: self
                .environments
                .iter()
                .map(|(environment, revision, claim)| {
                    EnvironmentJson::of(environment, *revision, claim.as_ref(), now)
                })
                .collect(),
            leases: self
                .leases
                .iter()
                .map(|(lease, revision)| LeaseJson::of(lease, *revision, now))
                .collect(),
            runs: runs.into_iter().map(|run| RunJson::of(run, now)).collect(),
            unreadable: self
                .unreadable
                .iter()
                .chain(&known.unreadable)
                .map(Into::into)
                .collect(),
        }
    }
}

fn show(session: &Session, rows: &Rows, now: Timestamp) -> Result<(), Failure> {
    let (table, what) = match rows.kind {
        Kind::Lease => (leases(session, rows, now), "no leases"),
        Kind::Run => (run_table(session, rows, now), "no runs"),
        _ => (environments(session, rows, now), "no environments"),
    };
    if table.is_empty() {
        session.screen.note(&format!(
            "{what} to list in {}",
            session.world.config.ledger
        ));
        return Ok(());
    }
    session.screen.data(&table.to_string())?;
    Ok(())
}

fn environments(session: &Session, rows: &Rows, now: Timestamp) -> Table {
    let headers = ["name", "owner", "phase", "expires", "generation", "state"];
    let mut table = Table::new(&session.screen, &headers);
    for (environment, ..) in &rows.environments {
        table.row([
            Cell::from(environment.name.as_str()),
            Cell::from(&environment.owner),
            phase_cell(phase(environment, None, now)),
            Cell::from(age::both(environment.expires_at(), now)),
            Cell::from(environment.generation.to_string()),
            Cell::maybe(environment.state.as_ref()),
        ]);
    }
    table
}

fn leases(session: &Session, rows: &Rows, now: Timestamp) -> Table {
    let headers = [
        "id",
        "holder",
        "status",
        "expires",
        "environment",
        "targets",
    ];
    let mut table = Table::new(&session.screen, &headers);
    for (lease, _) in &rows.leases {
        let status = if lease.released.is_some() {
            Cell::new("released", Tone::Dim)
        } else if lease.is_active(now) {
            Cell::new("active", Tone::Good)
        } else {
            Cell::new("ended", Tone::Warn)
        };
        table.row([
            Cell::from(lease.id.as_str()),
            Cell::from(&lease.holder),
            status,
            Cell::from(age::both(lease.expires_at(), now)),
            Cell::from(lease.environment.as_deref().unwrap_or_default()),
            Cell::from(lease.targets.join(", ")),
        ]);
    }
    table
}

fn run_table(session: &Session, rows: &Rows, now: Timestamp) -> Table {
    let headers = [
        "id",
        "status",
        "last sign of life",
        "by",
        "command",
        "environment",
        "state",
    ];
    let mut table = Table::new(&session.screen, &headers);
    for run in &rows.runs {
        table.row([
            Cell::from(run.id.as_str()),
            runs::life(run, now),
            Cell::from(age::both(run.last_sign(), now)),
            Cell::from(run.opened_by.to_string()),
            Cell::from(run.command.as_deref().unwrap_or_default()),
            Cell::from(run.environment.as_deref().unwrap_or_default()),
            Cell::maybe(run.state.as_ref()),
        ]);
    }
    table
}
