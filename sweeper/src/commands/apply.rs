//! `apply`: exactly what a plan says. Saved or made on the spot, it goes the same way.

use std::path::Path;

use ledger::{
    plan::{Mode, SweepPlan},
    stored::plan::decode,
};

use super::{Session, plan, render_sweep};
use crate::{
    cli::ApplyArgs,
    exit::ExitStatus,
    failure::{Failure, Undone},
    json::sweep::SweepJson,
    sweep::{
        cycle::cycle,
        request::{Approval, SweepRequest},
    },
};

/// Does what a plan says.
///
/// # Errors
/// What stopped it before anything was begun.
pub async fn run(session: &Session, args: &ApplyArgs) -> Result<ExitStatus, Failure> {
    let approval = match &args.file {
        None => Approval::Unattended,
        Some(path) => Approval::Saved {
            name: path.display().to_string(),
            plan: Box::new(read(path)?),
        },
    };
    let request = SweepRequest {
        approval,
        ..SweepRequest::default()
    };
    let Session { world, screen } = session;
    let report = cycle(world, &request).await?;
    // What was done is told first, whatever became of the memory of it.
    if screen.json {
        session.document(&report.reading, SweepJson::from(&report))?;
    } else if report.acted {
        screen.data(&render_sweep::results(&report.results, screen))?;
    } else {
        plan::show(screen, &report.seen)?;
    }
    if report.acted
        && let Some(remaining) = render_sweep::remaining(&report.remaining())
    {
        screen.note(&remaining);
    }
    if report.seen.mode == Mode::FirstSweep {
        screen.note(
            "\nThis was the first sweep of the scope: it was recorded, and nothing was destroyed.",
        );
    }
    let status = report.status();
    report.remembered?;
    Ok(status)
}

fn read(path: &Path) -> Result<SweepPlan, Undone> {
    let hint = "nothing was done; create a plan here with `sweeper plan --out FILE`";
    let not = |doing: &str, source: anyhow::Error| {
        let doing = format!("cannot {doing} `{}`", path.display());
        Undone::new(ExitStatus::Usage, doing, Some(hint), source)
    };
    let text = text(path).map_err(|source| not("read the plan", source.into()))?;
    decode(&text).map_err(|source| not("apply", source.into()))
}

#[expect(clippy::disallowed_methods, reason = "an edge: reads the saved plan")]
fn text(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
