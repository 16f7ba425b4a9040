//! `apply`: exactly what a plan says. Saved or made on the spot, it goes the same way.

use std::path::PathBuf;

use ledger::{
    book::Reading,
    plan::{Mode, SweepPlan},
    stored::plan::{PlanFileError, decode},
};
use thiserror::Error;

use super::plan;
use crate::{
    act::outcome::{Result as Ended, count},
    cli::{ApplyArgs, ApplyWhat},
    exit::ExitStatus,
    failure::{Expected, Failure},
    json::{LedgerJson, sweep::SweepJson},
    rescue::crash_cleanup,
    sweep::{
        execute::execute,
        exit_summary::{Remaining, after_looking, after_sweeping},
        first_sighting,
        memory::remember,
        progress::progress_for,
        render, runs,
    },
    world::World,
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
    /// Made from another ledger, or for another scope.
    #[error("the plan `{}` was made for {what} `{planned}`, and this is `{here}`", path.display())]
    Elsewhere {
        path: PathBuf,
        what: &'static str,
        planned: String,
        here: String,
    },
}

impl Expected for NotApplied {
    fn status(&self) -> ExitStatus {
        ExitStatus::Usage
    }

    fn hint(&self) -> Option<String> {
        Some("nothing was done; make a plan here with `sweeper plan --out FILE`".to_owned())
    }
}

/// Does what a plan says.
///
/// # Errors
/// What stopped it before anything was begun.
pub async fn run(world: &World, args: &ApplyArgs) -> Result<ExitStatus, Failure> {
    // Also for a saved plan everything is looked at anew: the brakes are about now, not about then.
    let saved = match args.what() {
        ApplyWhat::Unattended => None,
        ApplyWhat::Saved(path) => Some(read(world, path).await?),
    };
    let released = saved
        .as_ref()
        .map(|saved| saved.released.clone())
        .unwrap_or_default();
    let (mut fresh, sightings) = plan::make(world, released.clone()).await?;
    first_sighting::note(world.book.as_ref(), sightings, &world.identity).await?;
    if fresh.mode != Mode::Act {
        return report_only(world, &fresh).await;
    }
    // Only here: where a brake says that a clock or a count is odd, no death is made final.
    runs::note(world.book.as_ref(), &world.identity).await?;
    // What was ended may have written its state to the last: what is done now is decided on that.
    if crash_cleanup::clear_all(world).await {
        (fresh, _) = plan::make(world, released).await?;
        if fresh.mode != Mode::Act {
            return report_only(world, &fresh).await;
        }
    }
    let plan = saved.as_ref().unwrap_or(&fresh);
    if saved.is_none() && !world.screen.json {
        world.screen.data(&render::plan(&fresh, &world.screen))?;
    }
    // Asked for before anything is done: what was done is told even if the ledger is gone by then.
    let reading = world.reading().await?;
    let progress = progress_for(world.screen);
    let results = execute(world, plan, &progress).await;

    let counts = ["destroyed", "skipped", "failed"].map(|word| (word, count(&results, word)));
    let remembered = remember(world.book.as_ref(), &fresh, plan, &world.identity, &counts).await;
    // What was done is told first, whatever became of the memory of it.
    show(world, &fresh, plan, &results, &reading)?;
    if let Some(left) = render::remaining(&Remaining::of(&fresh, &results)) {
        world.screen.note(&left);
    }
    remembered?;
    Ok(after_sweeping(&fresh, &results))
}

/// The first sweep of a scope, and a braked one: everything is shown and remembered, nothing is destroyed.
async fn report_only(world: &World, plan: &SweepPlan) -> Result<ExitStatus, Failure> {
    remember(
        world.book.as_ref(),
        plan,
        plan,
        &world.identity,
        &[("destroyed", 0)],
    )
    .await?;
    if world.screen.json {
        let reading = world.reading().await?;
        show(world, plan, plan, &[], &reading)?;
    } else {
        plan::show(world, plan)?;
    }
    if plan.mode == Mode::FirstSweep {
        world.screen.note(
            "\nThis was the first sweep of the scope: it was remembered, and nothing was destroyed.",
        );
    }
    Ok(after_looking(plan))
}

async fn read(world: &World, path: PathBuf) -> Result<SweepPlan, Failure> {
    let text = text(&path).map_err(|source| NotApplied::Unreadable {
        path: path.clone(),
        source,
    })?;
    let plan = decode(&text).map_err(|source| NotApplied::Refused {
        path: path.clone(),
        source,
    })?;
    let here = world.reading().await?.ledger;
    let scope = world.config.scope.to_string();
    let places = [
        ("the ledger", plan.ledger.clone(), here),
        ("the scope", plan.scope.to_string(), scope),
    ];
    for (what, planned, here) in places {
        if planned != here {
            return Err(NotApplied::Elsewhere {
                path,
                what,
                planned,
                here,
            }
            .into());
        }
    }
    Ok(plan)
}

#[expect(clippy::disallowed_methods, reason = "an edge: reads the saved plan")]
fn text(path: &std::path::Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

fn show(
    world: &World,
    seen: &SweepPlan,
    plan: &SweepPlan,
    results: &[Ended],
    reading: &Reading,
) -> Result<(), Failure> {
    if world.screen.json {
        let ledger = LedgerJson::of(&world.config, reading);
        let document = SweepJson::of(ledger, seen, &plan.digest, results);
        world.screen.document(&document)?;
    } else {
        world
            .screen
            .data(&render::results(results, &world.screen))?;
    }
    Ok(())
}
