//! `apply`: exactly what a plan says. Saved or made on the spot, it goes the same way.

use std::path::PathBuf;

use ledger::{
    plan::{Mode, SweepPlan},
    record::plan::{PlanFileError, decode},
};
use serde::Serialize;
use thiserror::Error;

use super::plan;
use crate::{
    cli::{ApplyArgs, ApplyWhat},
    exit::ExitStatus,
    failure::{Expected, Failure},
    sweep::{
        execute::execute,
        left::{Left, after_looking, after_sweeping},
        leftovers,
        memory::remember,
        outcome::{Outcome, Result as Ended, count},
        progress::progress_for,
        render, runs, seen,
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
    let (mut fresh, sights) = plan::make(world, released.clone()).await?;
    seen::note(world.book.as_ref(), sights, &world.identity).await?;
    if fresh.mode != Mode::Act {
        return report_only(world, &fresh).await;
    }
    // Only here: where a brake says that a clock or a count is odd, no death is made final.
    runs::note(world.book.as_ref(), &world.identity).await?;
    // What was ended may have written its state to the last: what is done now is decided on that.
    if leftovers::clear_all(world).await {
        (fresh, _) = plan::make(world, released).await?;
        if fresh.mode != Mode::Act {
            return report_only(world, &fresh).await;
        }
    }
    let plan = saved.as_ref().unwrap_or(&fresh);
    if saved.is_none() && !world.screen.json {
        world.screen.data(&render::plan(&fresh, &world.screen))?;
    }
    let progress = progress_for(world.screen);
    let results = execute(world, plan, &progress).await;

    let counts = ["destroyed", "skipped", "failed"].map(|word| (word, count(&results, word)));
    let remembered = remember(world.book.as_ref(), &fresh, plan, &world.identity, &counts).await;
    // What was done is told first, whatever became of the memory of it.
    show(world, plan, &results)?;
    if let Some(left) = render::left(&Left::of(&fresh, &results)) {
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
    plan::show(world, plan)?;
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

#[derive(Serialize)]
struct SweepV1<'a> {
    plan: &'a str,
    results: Vec<ResultV1<'a>>,
}

#[derive(Serialize)]
struct ResultV1<'a> {
    id: &'a str,
    name: &'a str,
    result: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceV1<'a>>,
}

#[derive(Serialize)]
struct EvidenceV1<'a> {
    strategy: &'a str,
    lineage: &'a str,
    serial_before: u64,
    serial_after: u64,
    deleted: &'a [String],
    events_sha256: Option<&'a str>,
}

fn show(world: &World, plan: &SweepPlan, results: &[Ended]) -> Result<(), Failure> {
    if !world.screen.json {
        let text = render::results(results, &world.screen);
        world.screen.data(&text)?;
        return Ok(());
    }
    let results = results.iter().map(result_record).collect();
    world.screen.document(&SweepV1 {
        plan: &plan.digest,
        results,
    })?;
    Ok(())
}

fn result_record(result: &Ended) -> ResultV1<'_> {
    let (because, remedy, evidence) = match &result.outcome {
        Outcome::Destroyed(evidence) => (None, None, Some(evidence)),
        Outcome::Skipped(because) => (Some(because.as_str()), None, None),
        Outcome::Failed { reason, remedy } => (Some(reason.as_str()), Some(remedy.as_str()), None),
    };
    ResultV1 {
        id: result.id.as_str(),
        name: result.name.as_str(),
        result: result.outcome.as_str(),
        because,
        remedy,
        evidence: evidence.map(|evidence| EvidenceV1 {
            strategy: &evidence.strategy,
            lineage: &evidence.lineage,
            serial_before: evidence.serial_before,
            serial_after: evidence.serial_after,
            deleted: &evidence.deleted,
            events_sha256: evidence.events_sha256.as_deref(),
        }),
    }
}
