//! `plan`: decide, show, save. Writes nothing but the file it was asked for.

use std::{io::Write as _, path::Path};

use ledger::{plan::SweepPlan, stored::plan::encode};

use super::{Session, render_sweep};
use crate::{
    cli::PlanArgs,
    exit::ExitStatus,
    failure::{Failure, Undone},
    screen::Screen,
    sweep::{
        cycle::cycle,
        request::{Approval, SweepRequest},
    },
};

/// Shows what a sweep would do.
///
/// # Errors
/// What stopped it.
pub async fn run(session: &Session, args: &PlanArgs) -> Result<ExitStatus, Failure> {
    let request = SweepRequest {
        approval: Approval::None,
        release: args.release_brake.iter().copied().collect(),
    };
    let report = cycle(&session.world, &request).await?;
    let plan = &report.seen;
    if let Some(path) = &args.out {
        save(plan, path).map_err(|source| {
            let doing = format!("cannot save the plan to `{}`", path.display());
            let hint = "name a file in a writable directory, for example `--out sweep.plan`";
            Undone::new(ExitStatus::Usage, doing, Some(hint), source)
        })?;
    }
    show(&session.screen, plan)?;
    if let Some(path) = &args.out {
        session.screen.note(&format!(
            "\nPlan saved. To perform exactly these actions: `sweeper apply {}`",
            path.display()
        ));
    }
    Ok(report.status())
}

/// Prints a plan: the saved form where JSON is wanted.
///
/// # Errors
/// Standard output did not take it.
pub fn show(screen: &Screen, plan: &SweepPlan) -> Result<(), Failure> {
    if screen.json {
        screen.data(&encode(plan))?;
    } else {
        screen.data(&render_sweep::plan(plan, screen))?;
    }
    Ok(())
}

/// Writes beside the file first, so that a plan is there whole or not at all.
#[expect(clippy::disallowed_methods, reason = "an edge: writes the saved plan")]
fn save(plan: &SweepPlan, path: &Path) -> std::io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(encode(plan).as_bytes())?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
