//! What sweepers that died on this host left behind: processes, work directories, states that were not saved.
//!
//! Cleared under the claim of the environment it belongs to, so never while a sweeper is at work on it, and whatever is to
//! become of that environment: a saved plan must not lie about because its record is held or was given back.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use ledger::{
    book::{BookError, Kind, Query},
    environment::{Environment, Lifecycle, Teardown},
    id::EnvironmentId,
    plan::ActionKind,
};
use terraform::{process_group, work_dir, work_owner};

use super::{
    bring_back,
    claimed::Claimed,
    journal::{Claim, Journal},
    places,
};
use crate::world::World;

/// Clears what was left on this host, of every environment of this ledger. Answers whether anything was cleared; what
/// could not be is told, and stays for the next sweep.
pub async fn clear_all(world: &World) -> bool {
    let mut cleared = false;
    for (id, directories) in found(world).await {
        if world.stop.is_set() {
            break;
        }
        match of_one(world, &id, directories).await {
            Ok(done) => cleared |= done,
            // Another sweeper is at work on it, or it belongs to another ledger.
            Err(BookError::Claimed { .. } | BookError::Missing { .. }) => {}
            Err(error) => world.reporter.warning(&format!(
                "cannot clean up after a crashed sweeper at {id}: {error}"
            )),
        }
    }
    cleared
}

/// Every work directory that a record of this host names, or that says itself whose it is.
async fn found(world: &World) -> BTreeMap<EnvironmentId, BTreeSet<PathBuf>> {
    let host = &world.invocation.host;
    let living = Query {
        kind: Kind::Environment,
        name: None,
        live_only: true,
    };
    let mut all: BTreeMap<EnvironmentId, BTreeSet<PathBuf>> = BTreeMap::new();
    match world.book.find(&living).await {
        Ok(listing) => {
            for stored in listing.records {
                if let Some(environment) = stored.record.environment()
                    && let Some((_, work_dir)) = here(environment, host)
                {
                    all.entry(environment.id.clone())
                        .or_default()
                        .insert(work_dir);
                }
            }
        }
        Err(error) => world.reporter.warning(&format!(
            "cannot look up in the ledger what crashed sweepers left on this host: {error}"
        )),
    }
    for (id, work_dir) in work_owner::owned_below(&places::of(world).work_base, host) {
        all.entry(id).or_default().insert(work_dir);
    }
    all
}

/// The teardown that the record of `environment` names, and where it worked, if that was on `host`. Elsewhere its
/// processes cannot be seen from here; the lock of the state is what tells whether they live.
fn here<'a>(environment: &'a Environment, host: &str) -> Option<(&'a Teardown, PathBuf)> {
    let Lifecycle::Destroying(teardown) = &environment.lifecycle else {
        return None;
    };
    let work_dir = PathBuf::from(teardown.work_dir.as_ref()?);
    (teardown.host == host).then_some((teardown, work_dir))
}

async fn of_one(
    world: &World,
    id: &EnvironmentId,
    directories: BTreeSet<PathBuf>,
) -> Result<bool, BookError> {
    let Some(claimed) = Claimed::take(world, id, ActionKind::Destroy).await? else {
        return Ok(false);
    };
    let Claimed {
        environment,
        journal,
        ..
    } = &claimed;
    let cleared = of_claimed(world, environment, journal, directories).await;
    let gone = cleared.as_ref().map_or(&[][..], Vec::as_slice);
    let change = |environment: &mut Environment, _| forget(environment, gone);
    let dropped = journal
        .write(change, |_, _| Vec::new(), Claim::Drop)
        .await
        .map(drop);
    claimed.heartbeat.stop().await;
    let cleared = cleared?;
    dropped.map(|()| !cleared.is_empty())
}

async fn of_claimed(
    world: &World,
    environment: &Environment,
    journal: &Journal,
    directories: BTreeSet<PathBuf>,
) -> Result<Vec<PathBuf>, BookError> {
    let named = here(environment, &world.invocation.host);
    let mut cleared = Vec::new();
    for directory in directories {
        let of_record = named
            .as_ref()
            .filter(|(_, work_dir)| *work_dir == directory);
        if of_record.is_none() && !process_group::SHOWS_WHOSE {
            continue;
        }
        let group = of_record.and_then(|(teardown, _)| teardown.process_group);
        match clear(world, environment, journal, group, &directory).await? {
            Some(because) => world
                .reporter
                .warning(&format!("{}: {because}", environment.name)),
            None => cleared.push(directory),
        }
    }
    Ok(cleared)
}

/// The record no longer names what is gone.
fn forget(environment: &mut Environment, gone: &[PathBuf]) {
    if let Lifecycle::Destroying(teardown) = &mut environment.lifecycle
        && teardown
            .work_dir
            .as_ref()
            .is_some_and(|work_dir| gone.iter().any(|one| one == Path::new(work_dir)))
    {
        teardown.work_dir = None;
        teardown.process_group = None;
    }
}

/// Clears what the record of the claimed environment names. Answers why that did not work.
pub(crate) async fn of_record(
    world: &World,
    claimed: &Claimed,
) -> Result<Option<String>, BookError> {
    let environment = &claimed.environment;
    let Some((teardown, work_dir)) = here(environment, &world.invocation.host) else {
        return Ok(None);
    };
    let group = teardown.process_group;
    clear(world, environment, &claimed.journal, group, &work_dir).await
}

/// Ends what still runs in `work_dir`, seals a state that could not be saved, and removes the directory.
async fn clear(
    world: &World,
    environment: &Environment,
    journal: &Journal,
    group: Option<i32>,
    work_dir: &Path,
) -> Result<Option<String>, BookError> {
    let grace = world.config.stop_grace.to_std();
    let grace = grace.unwrap_or(Duration::from_secs(60));
    if !process_group::end_group(group, work_dir, grace).await {
        return Ok(Some(
            "Terraform of a crashed sweeper still runs on this host and does not stop; the next sweep \
             retries".to_owned(),
        ));
    }
    bring_back::seal_leftover(world, environment, journal, work_dir).await?;
    let keep_dir = &world.config.keep_dir;
    Ok(
        match work_dir::clear_leftover(work_dir, keep_dir, journal.operation()) {
            Ok(None) => None,
            Ok(Some(kept)) => {
                bring_back::tell(world, &environment.name, &kept);
                None
            }
            Err(error) => Some(format!(
                "cannot clean up after a crashed sweeper in {}: {error}",
                work_dir.display()
            )),
        },
    )
}
