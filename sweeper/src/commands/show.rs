//! `show`: everything the ledger knows of one environment, lease or run, and its last events. Looks at no state.

use ledger::{
    event::{ChainedEvent, Subject},
    id::RunId,
};

use super::{Session, render, runs};
use crate::{
    cli::{RecordArgs, Selector},
    exit::ExitStatus,
    failure::Failure,
    json::{self, EventJson, LedgerJson, document::RecordJson, run::RunJson},
    lookup::{self, Target},
};

/// How many events are shown; `explain` shows them all.
const LAST_EVENTS: usize = 10;

/// Shows.
///
/// # Errors
/// If nothing or more than one is named, or the ledger cannot be read.
pub async fn run(session: &Session, args: &RecordArgs) -> Result<ExitStatus, Failure> {
    if let Selector::Id(Subject::Run(id)) = &args.selector {
        return show_run(session, id).await;
    }
    let found = lookup::find(session.world.book.as_ref(), &args.selector).await?;
    let reading = session.world.reading().await?;
    let events = session.world.book.events(Some(&found.subject())).await?;
    let shown = last(&events);
    let known = runs::known(session).await?;
    let of_it = runs::of(&known, &found.target);
    let status = match &found.target {
        Target::Environment(environment, _)
            if !environment.is_over() && !known.unreadable.is_empty() =>
        {
            ExitStatus::Blind
        }
        _ => ExitStatus::Clean,
    };
    render::say_which(&session.screen, &found);
    if session.screen.json {
        let (environment, lease) = render::record(&found, reading.now);
        let runs = of_it.iter().map(|run| RunJson::of(run, reading.now));
        session.screen.document(&RecordJson {
            version: json::VERSION,
            ledger: LedgerJson::of(&session.world.config, &reading),
            environment,
            lease,
            run: None,
            runs: runs.collect(),
            events: shown.iter().map(EventJson::from).collect(),
        })?;
        return Ok(status);
    }
    let facts = match &found.target {
        Target::Environment(environment, claim) => {
            render::environment_table(&session.screen, environment, claim.as_ref(), reading.now)
        }
        Target::Lease(lease) => render::lease_table(&session.screen, lease, reading.now),
    };
    let events = in_words(session, &events);
    let runs = runs::table(&session.screen, &of_it, reading.now)
        .map_or_else(String::new, |table| format!("Runs\n{table}\n\n"));
    session.screen.data(&format!("{facts}\n\n{runs}{events}"))?;
    Ok(status)
}

async fn show_run(session: &Session, id: &RunId) -> Result<ExitStatus, Failure> {
    let run = lookup::find_run(session.world.book.as_ref(), id).await?;
    let reading = session.world.reading().await?;
    let subject = Subject::Run(id.clone());
    let events = session.world.book.events(Some(&subject)).await?;
    if session.screen.json {
        session.screen.document(&RecordJson {
            version: json::VERSION,
            ledger: LedgerJson::of(&session.world.config, &reading),
            environment: None,
            lease: None,
            run: Some(RunJson::of(&run, reading.now)),
            runs: Vec::new(),
            events: last(&events).iter().map(EventJson::from).collect(),
        })?;
        return Ok(ExitStatus::Clean);
    }
    let facts = runs::facts(&session.screen, &run, reading.now);
    let events = in_words(session, &events);
    session.screen.data(&format!("{facts}\n\n{events}"))?;
    Ok(ExitStatus::Clean)
}

/// Those that are shown.
fn last(events: &[ChainedEvent]) -> &[ChainedEvent] {
    events
        .get(events.len().saturating_sub(LAST_EVENTS)..)
        .unwrap_or_default()
}

fn in_words(session: &Session, events: &[ChainedEvent]) -> String {
    let last = last(events);
    let head = format!("Events (the last {} of {})", last.len(), events.len());
    let table = render::event_table(&session.screen, last);
    format!("{head}\n{table}")
}
