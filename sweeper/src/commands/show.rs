//! `show`: everything the ledger knows of one environment, lease or run, and its last events. Looks at no state.

use ledger::{
    book::Reading,
    event::{ChainedEvent, Subject},
};

use super::{Session, render, runs};
use crate::{
    cli::{RecordArgs, Selector},
    exit::ExitStatus,
    failure::Failure,
    json::{EventJson, document::RecordJson, run::RunJson},
    lookup::{self, Target},
};

/// How many events are shown; `explain` shows them all.
const LAST_EVENTS: usize = 10;

/// Shows.
///
/// # Errors
/// If nothing or more than one is named, or the ledger cannot be read.
pub async fn run(session: &Session, args: &RecordArgs) -> Result<ExitStatus, Failure> {
    let Session { world, screen } = session;
    if let Selector::Id(Subject::Run(id)) = &args.selector {
        let run = lookup::find_run(world.book.as_ref(), id).await?;
        let reading = world.reading().await?;
        let facts = runs::facts(screen, &run, reading.now).to_string();
        let document = RecordJson {
            run: Some(RunJson::of(&run, reading.now)),
            ..RecordJson::default()
        };
        tell(session, &Subject::Run(run.id), &reading, document, facts).await?;
        return Ok(ExitStatus::Clean);
    }
    let found = lookup::find(world.book.as_ref(), &args.selector).await?;
    let reading = world.reading().await?;
    let now = reading.now;
    let known = runs::known(session).await?;
    let of_it = runs::of(&known, &found.target);
    render::say_which(screen, &found);
    let (environment, lease) = render::record(&found, now);
    let document = RecordJson {
        environment,
        lease,
        runs: of_it.iter().map(|run| RunJson::of(run, now)).collect(),
        ..RecordJson::default()
    };
    let facts = match &found.target {
        Target::Environment(environment, claim) => {
            render::environment_table(screen, environment, claim.as_ref(), now)
        }
        Target::Lease(lease) => render::lease_table(screen, lease, now),
    };
    let runs = runs::table(screen, &of_it, now)
        .map_or_else(String::new, |table| format!("\n\nRuns\n{table}"));
    let facts = format!("{facts}{runs}");
    tell(session, &found.subject(), &reading, document, facts).await?;
    let lives =
        matches!(&found.target, Target::Environment(environment, _) if !environment.is_over());
    Ok(if lives && !known.unreadable.is_empty() {
        ExitStatus::Blind
    } else {
        ExitStatus::Clean
    })
}

/// Prints the record of `subject` with its last events: `document`, or `facts` for a person.
async fn tell(
    session: &Session,
    subject: &Subject,
    reading: &Reading,
    mut document: RecordJson,
    facts: String,
) -> Result<(), Failure> {
    let events = session.world.book.events(Some(subject)).await?;
    let shown = last(&events);
    if session.screen.json {
        document.events = shown.iter().map(EventJson::from).collect();
        session.document(reading, document)?;
    } else {
        let (shown_count, count) = (shown.len(), events.len());
        let table = render::event_table(&session.screen, shown);
        session.screen.data(&format!(
            "{facts}\n\nEvents (the last {shown_count} of {count})\n{table}"
        ))?;
    }
    Ok(())
}

/// Those that are shown.
fn last(events: &[ChainedEvent]) -> &[ChainedEvent] {
    events
        .get(events.len().saturating_sub(LAST_EVENTS)..)
        .unwrap_or_default()
}
