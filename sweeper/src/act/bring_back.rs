//! Kept states in a pass: what a teardown of this life could not save is sealed, and pushed back before anything else.
//!
//! While something is kept that does not fit, nothing is destroyed: the stored state is then not the last one.

use std::path::Path;

use backend::{Backend, StateDoc, read::read};
use ledger::{
    book::BookError,
    environment::{Environment, TeardownStep},
    event::{ChainedEvent, EventKind},
    id::EnvironmentName,
};

use super::{
    claimed::Claimed,
    destroy::{
        TeardownFailure, TeardownJob, failure::FailureKind, job::Checkpoints, prove_ownership,
    },
    journal::{Claim, Journal},
    places,
    push_back::{self, Kept, Standing, never_pushed},
};
use crate::{
    rescue::{
        keep,
        kept_state::{KeepError, Keeper, KeptKind, KeptState, Origin},
        seal::Header,
    },
    world::World,
};

/// Says that the state of the environment `name` is kept at `path` only.
pub(crate) fn tell(world: &World, name: &EnvironmentName, path: &Path) {
    world.reporter.warning(&format!(
        "the state of {name} could not be saved where it belongs and was kept: {}",
        path.display()
    ));
}

/// Seals what terraform could not save before its sweeper died. What cannot be sealed stays where it is.
pub(crate) async fn seal_leftover(
    world: &World,
    environment: &Environment,
    journal: &Journal,
    work_dir: &Path,
) -> Result<(), BookError> {
    let origin = origin(world, environment, journal).await?;
    let at = world.clock.now();
    match keep::seal_errored(&places::keeper(&world.config), work_dir, &origin, at) {
        Ok(None) => {}
        Ok(Some(sealed)) => tell(world, &environment.name, &sealed),
        Err(error) => unsealed(world, environment, &error),
    }
    Ok(())
}

fn unsealed(world: &World, environment: &Environment, error: &KeepError) {
    world.reporter.warning(&format!(
        "cannot seal the kept state of {}, which stays in plain text: {error}",
        environment.name
    ));
}

/// Whose teardown left a state behind, as the ledger knows it.
async fn origin(
    world: &World,
    environment: &Environment,
    journal: &Journal,
) -> Result<Origin, BookError> {
    let events = world.book.events(Some(journal.subject())).await?;
    let address = environment.state.as_ref();
    Ok(Origin {
        environment: environment.id.clone(),
        generation: environment.generation,
        operation: journal.operation().to_owned(),
        address: address.map_or_else(String::new, ToString::to_string),
        found: applied_from(&events, journal.operation())
            .into_iter()
            .collect(),
    })
}

/// The serial from which `operation` last began to destroy.
fn applied_from(events: &[ChainedEvent], operation: &str) -> Option<u64> {
    let mut claimed = None;
    let mut applied = None;
    for event in events.iter().map(|chained| &chained.event) {
        if event.operation.as_deref() != Some(operation) {
            continue;
        }
        let detail = |key: &str| event.detail.get(key).map(String::as_str);
        match event.kind {
            EventKind::Claimed => claimed = detail("serial").and_then(|text| text.parse().ok()),
            EventKind::Step if detail("step") == Some(TeardownStep::Applying.as_str()) => {
                applied = claimed;
            }
            _ => {}
        }
    }
    applied
}

/// Brings back what a teardown of this life could not save, if anything was kept, and tells `checkpoints` what is stored
/// then.
///
/// # Errors
/// Why it must not be pushed, or could not be. Nothing may then be destroyed.
pub(crate) async fn bring_back(
    world: &World,
    claimed: &Claimed,
    job: &TeardownJob,
    reader: &dyn Backend,
    checkpoints: &dyn Checkpoints,
) -> Result<(), TeardownFailure> {
    let journal = &claimed.journal;
    let keeper = &job.keeper;
    let (id, generation) = (&job.expected.id, job.expected.generation);
    let listed = keeper.of(id, generation, &job.operation);
    let mut found = listed.map_err(|error| unusable(&error))?;
    if found.is_empty() {
        return Ok(());
    }
    if found.iter().any(|one| one.kind == KeptKind::Plain) {
        seal_all(world, journal, keeper, &found).await?;
        let listed = keeper.of(id, generation, &job.operation);
        found = listed.map_err(|error| unusable(&error))?;
    }
    let [one] = found.as_slice() else {
        let names: Vec<String> = found
            .iter()
            .map(|one| format!("`{}`", one.path.display()))
            .collect();
        return Err(never_pushed(format!(
            "more than one state of it is kept: {}",
            names.join(", ")
        )));
    };
    let (header, plain) = keeper.open(&one.path).map_err(|error| unusable(&error))?;
    if (&header.environment, header.generation) != (id, generation) {
        return Err(never_pushed(format!(
            "`{}` is the state of {} generation {}",
            one.path.display(),
            header.environment,
            header.generation
        )));
    }
    let kept = read(&plain).map_err(|refusal| never_pushed(refusal.to_string()))?;
    // Where another state lies by now, nothing is pushed over it. One look for both questions: what is compared with the
    // kept state is what was proven to be ours, not what may lie there a moment later.
    let (stored, _) = prove_ownership(job, reader).await?;
    let after = match push_back::standing(&header, &kept, &stored)? {
        Standing::Back => stored.clone(),
        Standing::Ahead => {
            let kept = Kept {
                header: &header,
                doc: &kept,
                plain: &plain,
            };
            push_back::push(job, reader, checkpoints, kept).await?
        }
    };
    tell_ledger(journal, &header, &stored, &after).await?;
    if let Err(error) = keeper.remove(&one.path) {
        world.reporter.warning(&format!(
            "pushed the kept state of {}, but cannot remove its file: {error}",
            claimed.environment.name
        ));
    }
    // What was pushed back is what this very teardown left: what is pinned goes with it.
    checkpoints.state_pushed(after.serial, after.managed_count());
    Ok(())
}

/// Seals what lies in clear, as it was left where there was no key.
async fn seal_all(
    world: &World,
    journal: &Journal,
    keeper: &Keeper,
    found: &[KeptState],
) -> Result<(), TeardownFailure> {
    let (_, environment) = journal.read().await.map_err(|error| lost(&error))?;
    let origin = origin(world, &environment, journal).await;
    let origin = origin.map_err(|error| lost(&error))?;
    let at = world.clock.now();
    for one in found.iter().filter(|one| one.kind == KeptKind::Plain) {
        if let Err(error) = keep::replace(keeper, &one.path, &origin, at) {
            unsealed(world, &environment, &error);
            return Err(unusable(&error));
        }
    }
    Ok(())
}

async fn tell_ledger(
    journal: &Journal,
    header: &Header,
    stored: &StateDoc,
    after: &StateDoc,
) -> Result<(), TeardownFailure> {
    let tell = |journal: &Journal, at| {
        vec![
            journal
                .event(EventKind::StatePushed, at)
                .with("lineage", &after.lineage)
                .with("serial_kept", header.serial.to_string())
                .with("serial_before", stored.serial.to_string())
                .with("serial_after", after.serial.to_string())
                .with("instances_left", after.managed_count().to_string()),
        ]
    };
    let written = journal.write(|_, _| {}, tell, Claim::Keep).await;
    written.map(drop).map_err(|error| lost(&error))
}

/// The claim was lost, or the ledger does not answer.
fn lost(error: &BookError) -> TeardownFailure {
    TeardownFailure::aborted(&format!("the journal could not be used: {error}"))
}

/// A kept state that cannot be used: it may be the only one, so nothing is done without it.
fn unusable(error: &KeepError) -> TeardownFailure {
    TeardownFailure::new(
        FailureKind::Refused,
        format!("a kept state of it cannot be used: {error}"),
        "fix the cause; while a kept state cannot be opened, nothing is pushed and nothing destroyed; see \
         `sweeper state list`",
    )
}

#[cfg(test)]
mod tests {
    use ledger::{
        chain::link,
        clock::from_millis,
        event::{Event, Subject},
        identity::Identity,
    };

    use super::*;

    fn told(seq: u64, kind: EventKind, operation: &str, detail: &[(&str, &str)]) -> ChainedEvent {
        let at = from_millis(0).expect("in range");
        let event = Event::new(kind, at, Identity::claimed("local", "ana@shop"));
        let event = detail
            .iter()
            .fold(event, |event, (key, value)| event.with(key, *value));
        let subject = Subject::parse("env-1").expect("a subject");
        link(&subject, Some((seq - 1, "")), event.in_operation(operation))
    }

    #[test]
    fn the_serial_a_teardown_destroyed_from_is_the_one_claimed_before_it_applied() {
        let own = "destroy-env-1-1";
        let mut events = vec![
            told(1, EventKind::Claimed, "destroy-env-1-0", &[("serial", "2")]),
            told(
                2,
                EventKind::Step,
                "destroy-env-1-0",
                &[("step", "applying")],
            ),
        ];
        assert_eq!(applied_from(&events, own), None);
        events.push(told(3, EventKind::Claimed, own, &[("serial", "5")]));
        events.push(told(4, EventKind::Step, own, &[("step", "planning")]));
        assert_eq!(applied_from(&events, own), None);
        events.push(told(5, EventKind::Step, own, &[("step", "applying")]));
        assert_eq!(applied_from(&events, own), Some(5));
        events.push(told(6, EventKind::Claimed, own, &[("serial", "7")]));
        assert_eq!(
            applied_from(&events, own),
            Some(5),
            "it did not apply again"
        );
    }
}
