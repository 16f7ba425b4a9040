//! `show`: everything the ledger knows of one environment or lease, and its last events. Looks at no state.

use ledger::book::Book;

use super::render;
use crate::{
    cli::NamedArgs,
    exit::ExitStatus,
    failure::Failure,
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
    render::say_which(&world.screen, &found);
    if world.screen.json {
        let document = render::document(world, &reading, &found, false, last);
        world.screen.document(&document)?;
        return Ok(ExitStatus::Clean);
    }
    let facts = match &found.named {
        Named::Environment(environment, claim) => {
            render::environment_table(&world.screen, environment, claim.as_ref(), reading.now)
        }
        Named::Lease(lease) => render::lease_table(&world.screen, lease, reading.now),
    };
    let head = format!("Events (the last {} of {})", last.len(), events.len());
    let events = render::event_table(&world.screen, last);
    world.screen.data(&format!("{facts}\n\n{head}\n{events}"))?;
    Ok(ExitStatus::Clean)
}
