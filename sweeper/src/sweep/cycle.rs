//! One cycle: the only way to act. Observe, judge, plan, claim, look again, act, prove, write down, remember.
//!
//! A command, a timer and a server call the same function. The request says what may be done and brings no fact along:
//! everything is derived from the ledger and from what is seen now.

use ledger::{
    book::BookError,
    plan::{Mode, SweepPlan},
    stored::plan::digest,
};
use thiserror::Error;

use super::{
    execute::execute,
    first_sighting,
    memory::remember,
    notices,
    plan::{self, Made},
    report::SweepReport,
    request::{Approval, SweepRequest},
    runs,
};
use crate::{
    act::{acts::Acts, crash_cleanup},
    exit::ExitStatus,
    failure::{Expected, Failure},
    outcome::count,
    world::World,
};

#[cfg(test)]
mod tests;

/// A saved plan of another ledger or another scope.
#[derive(Debug, Error)]
#[error("the plan `{name}` was made for {what} `{planned}`, and this is `{here}`")]
struct Elsewhere {
    name: String,
    what: &'static str,
    planned: String,
    here: String,
}

impl Expected for Elsewhere {
    fn status(&self) -> ExitStatus {
        ExitStatus::Usage
    }

    fn hint(&self) -> Option<String> {
        Some("nothing was done; create a plan here with `sweeper plan --out FILE`".to_owned())
    }
}

/// Runs one cycle, and answers what was seen, done and left.
///
/// # Errors
/// What stopped it before anything was begun.
pub async fn cycle(world: &World, request: &SweepRequest) -> Result<SweepReport, Failure> {
    run(world, &Acts::of(world), request).await
}

async fn run(world: &World, acts: &Acts, request: &SweepRequest) -> Result<SweepReport, Failure> {
    let saved = match &request.approval {
        Approval::None | Approval::Unattended => None,
        Approval::Saved { name, plan } => {
            is_of_here(world, name, plan).await?;
            Some(&**plan)
        }
    };
    // Also for a saved plan everything is looked at anew: the brakes are about now, not about then.
    let mut made = plan::make(world, request.released()).await?;
    if request.approval == Approval::None {
        // Who only looks writes nothing: the sweep that follows notes what is seen for the first time.
        return Ok(SweepReport::looked(made));
    }
    let book = world.book.as_ref();
    first_sighting::note(book, std::mem::take(&mut made.sightings), &world.identity).await?;
    if made.plan.mode != Mode::Act {
        return report_only(world, made).await;
    }
    // Only here: where a brake says that a clock or a count is odd, no death is made final.
    runs::note(book, &world.identity).await?;
    // What was ended may have written its state to the last: what is done now is decided on that.
    if crash_cleanup::clear_all(world).await {
        made = plan::make(world, request.released()).await?;
        if made.plan.mode != Mode::Act {
            return report_only(world, made).await;
        }
    }
    let reviewed = saved.unwrap_or(&made.plan);
    if saved.is_none() {
        world.reporter.planned(&made.plan)?;
    }
    let results = execute(world, acts, reviewed).await;
    let counts = ["destroyed", "skipped", "failed"].map(|word| (word, count(&results, word)));
    let remembered = remember(book, &made.plan, reviewed, &world.identity, &counts).await;
    notices::tell(world, reviewed, &results).await;
    Ok(SweepReport {
        digest: digest(reviewed),
        reading: made.reading,
        seen: made.plan,
        acted: true,
        results,
        remembered,
    })
}

/// The first sweep of a scope, and a braked one: everything is remembered, nothing is done.
async fn report_only(world: &World, made: Made) -> Result<SweepReport, Failure> {
    let plan = &made.plan;
    let nothing = [("destroyed", 0)];
    remember(world.book.as_ref(), plan, plan, &world.identity, &nothing).await?;
    Ok(SweepReport::looked(made))
}

/// Whether the saved `plan` was made of this ledger, for this scope.
async fn is_of_here(world: &World, name: &str, plan: &SweepPlan) -> Result<(), Failure> {
    let here: Result<_, BookError> = world.reading().await;
    let places = [
        ("the ledger", plan.ledger.clone(), here?.ledger),
        (
            "the scope",
            plan.scope.to_string(),
            world.config.scope.to_string(),
        ),
    ];
    for (what, planned, here) in places {
        if planned != here {
            return Err(Elsewhere {
                name: name.to_owned(),
                what,
                planned,
                here,
            }
            .into());
        }
    }
    Ok(())
}
