//! `plan`: decide, show, save. Writes nothing but the file it was asked for.

use std::{
    collections::BTreeSet,
    io::Write as _,
    path::{Path, PathBuf},
};

use ledger::{brake::BrakeKind, plan::SweepPlan, stored::plan::encode};
use thiserror::Error;

use crate::{
    cli::PlanArgs,
    exit::ExitStatus,
    failure::{Expected, Failure},
    sweep::{exit_summary::after_looking, first_sighting::FirstSighting, plan as planning, render},
    world::World,
};

/// The plan could not be saved.
#[derive(Debug, Error)]
#[error("cannot save the plan to `{}`", path.display())]
struct NotSaved {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

impl Expected for NotSaved {
    fn status(&self) -> ExitStatus {
        ExitStatus::Usage
    }

    fn hint(&self) -> Option<String> {
        Some("name a file in a directory you may write, for example `--out sweep.plan`".to_owned())
    }
}

/// Shows what a sweep would do.
///
/// # Errors
/// What stopped it.
pub async fn run(world: &World, args: &PlanArgs) -> Result<ExitStatus, Failure> {
    let released = args.release_brake.iter().copied().collect();
    // A plan only looks: what it sees for the first time is noted by the sweep that follows.
    let (plan, _) = make(world, released).await?;
    if let Some(path) = &args.out {
        save(&plan, path).map_err(|source| NotSaved {
            path: path.clone(),
            source,
        })?;
    }
    show(world, &plan)?;
    if let Some(path) = &args.out {
        world.screen.note(&format!(
            "\nSaved. To do exactly this: `sweeper apply {}`",
            path.display()
        ));
    }
    Ok(after_looking(&plan))
}

/// Makes a plan with this run's settings, and says what was seen for the first time.
///
/// # Errors
/// The ledger could not be read.
pub async fn make(
    world: &World,
    released: BTreeSet<BrakeKind>,
) -> Result<(SweepPlan, Vec<FirstSighting>), Failure> {
    let request = planning::Request {
        scope: world.config.scope.clone(),
        guards: world.config.guards.clone(),
        policy: world.config.policy.clone(),
        released,
    };
    Ok(planning::make(world.book.as_ref(), world.clock.as_ref(), &request).await?)
}

/// Prints a plan: the saved form where JSON is wanted.
///
/// # Errors
/// Standard output did not take it.
pub fn show(world: &World, plan: &SweepPlan) -> Result<(), Failure> {
    let screen = world.screen;
    if screen.json {
        screen.data(&encode(plan))?;
    } else {
        screen.data(&render::plan(plan, &screen))?;
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
