//! What a teardown is told to do: the job of one pass, made of the record, the pin and the settings.

use std::{path::PathBuf, sync::Arc};

use backend::reader_for;
use capsule::Capsule;
use ledger::{
    book::BookError,
    environment::{Environment, Lifecycle, TeardownStep},
    event::{ChainedEvent, EventKind},
};
use terraform::{
    child_env::ChildEnv,
    cli::CliKind,
    work_dir::{self, Places},
};

use super::{inputs, journal::Journal};
use crate::{
    observe,
    rescue::bring_back,
    sweep::pass::Pass,
    teardown::{
        failure::{FailureKind, TeardownFailure},
        job::{Limits, TeardownJob, own_variables},
        ownership::ExpectedMarker,
    },
    world::World,
};

/// The job of `pass`.
///
/// # Errors
/// Why there can be none. A part of the ledger that cannot be read is such a reason too: it is written down like any
/// other, and tried again ever more rarely.
pub(crate) async fn of(
    pass: &Pass,
    environment: &Environment,
    journal: &Journal,
) -> Result<TeardownJob, TeardownFailure> {
    let world = &pass.world;
    let config = &world.config;
    let Some(address) = environment.state.clone() else {
        return Err(refused(
            "where its state is was never found out",
            "set `state` on the resource and apply",
        ));
    };
    let capsule = capsule(pass, environment).await?;
    let captured = environment.capture.as_ref();
    let captured = captured.map(|capture| capture.cli.as_str());
    let kind = match reader_for(&address).read(&address).await {
        Ok(Some(state)) => CliKind::of(&state, captured),
        // The teardown reads it again and says what it found.
        Ok(None) | Err(_) => CliKind::Terraform,
    };
    let cli = match pass.clis.get(world, kind).await {
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
    let inputs = inputs::of(capsule.as_ref(), kind, &environment.name, configured)?;
    Ok(TeardownJob {
        operation: journal.operation().to_owned(),
        expected: ExpectedMarker {
            id: environment.id.clone(),
            generation: environment.generation,
            lineage: Some(pass.pin.lineage.clone()),
            deleted_before,
            begun_with: observe::begun_with(world.book.as_ref(), environment).await,
        },
        capture: environment.capture.clone(),
        capsule,
        cli,
        child_env: ChildEnv::new(
            world.invocation.variables.clone(),
            own_variables(&config.ledger.to_string(), journal.fence()),
            &inputs,
        ),
        provider_templates: config.provider_templates.0.clone(),
        places: places(world),
        keeper: bring_back::keeper(config),
        templates: Arc::clone(&pass.templates),
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
        .map(|chained| chained.event.kind)
        .take_while(|kind| *kind != EventKind::Renewed)
        .any(|kind| kind == EventKind::MarkerDeleted)
}

/// A part of the ledger could not be read or trusted.
pub(crate) fn unread(error: &BookError) -> TeardownFailure {
    refused(
        &error.to_string(),
        "look at it with `sweeper audit verify`; what was changed behind the ledger's back is restored from a copy of \
         the ledger's file, or the environment is released with `sweeper release NAME --reason TEXT` and destroyed by hand",
    )
}

async fn capsule(
    pass: &Pass,
    environment: &Environment,
) -> Result<Option<Capsule>, TeardownFailure> {
    let wanted = environment
        .capture
        .as_ref()
        .and_then(|capture| capture.capsule.as_ref());
    let Some(sha256) = wanted else {
        return Ok(None);
    };
    let again = "apply its configuration once more, which keeps a new one";
    let fetched = pass.world.book.fetch(sha256).await;
    let Some(packed) = fetched.map_err(|error| refused(&error.to_string(), again))? else {
        return Err(refused("its capsule is not in the ledger", again));
    };
    Capsule::unpack(&packed)
        .map(Some)
        .map_err(|error| refused(&format!("its capsule cannot be unpacked: {error}"), again))
}

/// Where teardowns work.
pub(crate) fn places(world: &World) -> Places {
    let temporary = temporary(world);
    Places {
        work_base: world
            .config
            .work_dir
            .clone()
            .unwrap_or_else(|| work_dir::default_base(&temporary)),
        temporary,
    }
}

/// The system's temporary directory, as every program here takes it.
fn temporary(world: &World) -> PathBuf {
    let chosen = world.invocation.variable("TMPDIR");
    chosen
        .filter(|folder| !folder.is_empty())
        .map_or_else(|| PathBuf::from("/tmp"), PathBuf::from)
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
