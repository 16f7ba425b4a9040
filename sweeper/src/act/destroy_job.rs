//! What a teardown is told to do: the job of one pass, made of the record, the pin and the settings.

use std::sync::Arc;

use capsule::Capsule;
use ledger::{
    book::BookError,
    environment::{Environment, Lifecycle, TeardownStep},
    event::{ChainedEvent, EventKind},
    plan::Pin,
};
use terraform::{child_env::ChildEnv, cli::CliKind, passing::Passing, template::Templates};

use super::{claimed::Claimed, clis::Clis, input_values, places};
use crate::{
    act::destroy::{
        failure::{FailureKind, TeardownFailure},
        job::{Limits, TeardownJob, own_variables},
        ownership::ExpectedMarker,
    },
    world::World,
};

/// The job that destroys what is `claimed`, which is pinned to `pin`.
///
/// # Errors
/// Why there can be none. A part of the ledger that cannot be read is such a reason too: it is written down like any
/// other, and tried again ever more rarely.
pub(super) async fn of(
    world: &World,
    claimed: &Claimed,
    pin: &Pin,
    clis: &Clis,
    templates: &Arc<Templates>,
) -> Result<TeardownJob, TeardownFailure> {
    let config = &world.config;
    let (environment, journal) = (&claimed.environment, &claimed.journal);
    let Some(address) = environment.state.clone() else {
        return Err(refused(
            "the location of its state is not known",
            "set `state` on the resource and apply",
        ));
    };
    let capsule = capsule(world, environment).await?;
    let captured = environment.capture.as_ref();
    let captured = captured.map(|capture| capture.cli.as_str());
    let (kind, passing) = match backend::of(&address).read(&address).await {
        Ok(Some(state)) => {
            let providers = state.instances.iter().map(|one| &one.provider.source);
            let passing = Passing::new(providers, &config.pass_variables);
            (CliKind::of(&state, captured), passing)
        }
        // The teardown reads it again and says what it found.
        Ok(None) | Err(_) => (CliKind::Terraform, Passing::default()),
    };
    let cli = match clis.get(world, kind).await {
        Ok(cli) => cli,
        Err(because) => {
            let key = kind.as_str();
            return Err(refused(
                &because,
                &format!(
                    "install {key}, or name its path in the configuration file: `{key} = \"/path/to/{key}\"`"
                ),
            ));
        }
    };
    let events = world.book.events(Some(journal.subject())).await;
    let deleted_before = marker_went(&events.map_err(|error| unread(&error))?);
    let configured = &config.input_variables;
    let inputs = input_values::of(capsule.as_ref(), kind, &environment.name, configured)?;
    Ok(TeardownJob {
        operation: journal.operation().to_owned(),
        expected: ExpectedMarker {
            id: environment.id.clone(),
            generation: environment.generation,
            lineage: Some(pin.lineage.clone()),
            deleted_before,
            begun_with: world.sources.begun_with(environment).await,
        },
        capture: environment.capture.clone(),
        capsule,
        cli,
        child_env: ChildEnv::new(
            world.invocation.variables.clone(),
            own_variables(&config.ledger.to_string(), journal.fence()),
            &inputs,
            &passing,
        ),
        provider_templates: config.provider_templates.0.clone(),
        places: places::of(world),
        keeper: places::keeper(config),
        templates: Arc::clone(templates),
        limits: Limits {
            prepare: config.terraform_timeout.to_std().unwrap_or_default(),
            apply: config.terraform_timeout.to_std().unwrap_or_default(),
            grace: config.stop_grace.to_std().unwrap_or_default(),
        },
        parallelism: Some(config.terraform_parallelism),
        // A provider that finds nothing at all may look into the wrong account, unless we were at it before.
        accept_vanished: deleted_before || was_applying(environment),
        no_refresh: false,
        address,
    })
}

/// Whether the marker was deleted by a teardown of the life it has now. Our own provider's Delete says so, and only under
/// a claim that holds; a renewal begins anew, and what a teardown before it deleted proves nothing any more.
fn marker_went(events: &[ChainedEvent]) -> bool {
    events
        .iter()
        .rev()
        .map(|chained| &chained.event.kind)
        .take_while(|kind| **kind != EventKind::Renewed)
        .any(|kind| *kind == EventKind::MarkerDeleted)
}

/// A part of the ledger could not be read or trusted.
pub(super) fn unread(error: &BookError) -> TeardownFailure {
    refused(
        &error.to_string(),
        "check the chain with `sweeper audit verify`; restore the ledger from a backup, or release the environment \
         with `sweeper release NAME --reason TEXT` and destroy it by hand",
    )
}

async fn capsule(
    world: &World,
    environment: &Environment,
) -> Result<Option<Capsule>, TeardownFailure> {
    let wanted = environment
        .capture
        .as_ref()
        .and_then(|capture| capture.capsule.as_ref());
    let Some(sha256) = wanted else {
        return Ok(None);
    };
    let again = "apply its configuration once more, which captures a new one";
    let fetched = world.book.fetch(sha256).await;
    let Some(packed) = fetched.map_err(|error| refused(&error.to_string(), again))? else {
        return Err(refused("its capsule is not in the ledger", again));
    };
    Capsule::unpack(&packed)
        .map(Some)
        .map_err(|error| refused(&format!("its capsule cannot be unpacked: {error}"), again))
}

/// Whether an earlier pass came as far as destroying.
fn was_applying(environment: &Environment) -> bool {
    match &environment.lifecycle {
        Lifecycle::Destroying(teardown) => TeardownStep::Applying <= teardown.step,
        Lifecycle::Stuck(_)
        | Lifecycle::Living
        | Lifecycle::Destroyed { .. }
        | Lifecycle::Released { .. } => false,
    }
}

fn refused(reason: &str, remedy: &str) -> TeardownFailure {
    TeardownFailure::new(FailureKind::Refused, reason, remedy)
}
