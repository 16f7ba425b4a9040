//! `show`: everything the ledger knows of one environment or lease, and its last events. Looks at no state.

use ledger::book::Book;

use super::{render, runs};
use crate::{
    cli::NamedArgs,
    exit::ExitStatus,
    failure::Failure,
    json::run::RunJson,
    named::{self, Named},
    world::World,
};

/// How many events are shown; `explain` shows them all.
const LAST_EVENTS: usize = 10;

/// Shows.
///
/// # Errors
/// If nothing or more than one is named, or the ledger cannot be read.
pub async fn run(world: &World, args: &NamedArgs) -> Result<ExitStatus, Failure> {
    let found = named::find(world.book.as_ref(), &args.selector).await?;
    let reading = world.reading().await?;
    let events = world.book.events(Some(&found.subject())).await?;
    let last = events
        .get(events.len().saturating_sub(LAST_EVENTS)..)
        .unwrap_or_default();
    let known = runs::known(world).await?;
    let of_it = match &found.named {
        Named::Environment(environment, _) => runs::of(&known, environment),
        Named::Lease(_) => Vec::new(),
    };
    let status = match &found.named {
        Named::Environment(environment, _)
            if !environment.is_over() && !known.unreadable.is_empty() =>
        {
            ExitStatus::Blind
        }
        _ => ExitStatus::Clean,
    };
    render::say_which(&world.screen, &found);
    if world.screen.json {
        let mut document = render::document(world, &reading, &found, false, last);
        let runs = of_it.iter().map(|run| RunJson::of(run, reading.now));
        document.runs = runs.collect();
        world.screen.document(&document)?;
        return Ok(status);
    }
    let facts = match &found.named {
        Named::Environment(environment, claim) => {
            render::environment_table(&world.screen, environment, claim.as_ref(), reading.now)
        }
        Named::Lease(lease) => render::lease_table(&world.screen, lease, reading.now),
    };
    let head = format!("Events (the last {} of {})", last.len(), events.len());
    let events = render::event_table(&world.screen, last);
    let runs = runs::table(&world.screen, &of_it, reading.now)
        .map_or_else(String::new, |table| format!("Runs\n{table}\n\n"));
    world
        .screen
        .data(&format!("{facts}\n\n{runs}{head}\n{events}"))?;
    Ok(status)
}
