//! `apply`: exactly what a plan says. Saved or made on the spot, it goes the same way.

use std::path::{Path, PathBuf};

use ledger::{
    plan::{Mode, SweepPlan},
    stored::plan::{PlanFileError, decode},
};
use thiserror::Error;

use super::{Session, plan, render_sweep};
use crate::{
    cli::ApplyArgs,
    exit::ExitStatus,
    failure::{Expected, Failure},
    json::sweep::SweepJson,
    sweep::{
        cycle::cycle,
        request::{Approval, SweepRequest},
    },
};

/// A saved plan that may not be applied.
#[derive(Debug, Error)]
enum NotApplied {
    /// No such file, or not readable.
    #[error("cannot read the plan `{}`", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// Not a plan, or another's.
    #[error("cannot apply `{}`", path.display())]
    Refused {
        path: PathBuf,
        #[source]
        source: PlanFileError,
    },
}

impl Expected for NotApplied {
    fn status(&self) -> ExitStatus {
        ExitStatus::Usage
    }

    fn hint(&self) -> Option<String> {
        Some("nothing was done; create a plan here with `sweeper plan --out FILE`".to_owned())
    }
}

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

fn read(path: &Path) -> Result<SweepPlan, NotApplied> {
    let text = text(path).map_err(|source| NotApplied::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    decode(&text).map_err(|source| NotApplied::Refused {
        path: path.to_owned(),
        source,
    })
}

#[expect(clippy::disallowed_methods, reason = "an edge: reads the saved plan")]
fn text(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}
