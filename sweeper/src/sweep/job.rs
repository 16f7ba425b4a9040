//! What the teardown engine is told to do: the job of one pass, made of the record, the pin and the settings.

use std::{collections::BTreeMap, path::PathBuf};

use ledger::{
    book::{Book, BookError, capsules::Capsules},
    capsule::Capsule,
    environment::{Course, Environment, TeardownStep},
    event::EventKind,
};

use super::{journal::Journal, pass::Pass};
use crate::{
    state::reader_for,
    teardown::{
        engine::EngineKind,
        environment::EngineEnvironment,
        failure::{FailureKind, TeardownFailure},
        job::{Limits, Places, TeardownJob},
        ownership::ExpectedMarker,
        work_dir,
    },
};

/// The job of `pass`; inside, why there can be none.
///
/// # Errors
/// The ledger could not be read.
pub(super) async fn of(
    pass: &Pass,
    environment: &Environment,
    journal: &Journal,
) -> Result<Result<TeardownJob, TeardownFailure>, BookError> {
    let world = &pass.world;
    let config = &world.config;
    let Some(address) = environment.state.clone() else {
        return Ok(Err(refused(
            "where its state is was never found out",
            "set `state` on the resource and apply",
        )));
    };
    let capsule = match capsule(pass, environment).await? {
        Ok(capsule) => capsule,
        Err(failure) => return Ok(Err(failure)),
    };
    let kind = match reader_for(&address).read(&address).await {
        Ok(Some(state)) => EngineKind::of(&state, environment.capture.as_ref()),
        // The engine reads it again and says what it found.
        Ok(None) | Err(_) => EngineKind::Terraform,
    };
    let engine = match pass.engines.get(world, kind).await {
        Ok(engine) => engine,
        Err(because) => {
            let key = kind.as_str();
            return Ok(Err(refused(
                &because,
                &format!(
                    "install {key}, or name its path in the configuration file: `{key} = \"/path/to/{key}\"`"
                ),
            )));
        }
    };
    // Our own provider's Delete says so, and only under a claim that holds; the subject is this very generation.
    let deleted_before = world
        .book
        .events(Some(journal.subject()))
        .await?
        .iter()
        .any(|chained| chained.event.kind == EventKind::MarkerDeleted);
    let temporary = temporary(pass);
    Ok(Ok(TeardownJob {
        operation: journal.operation().to_owned(),
        expected: ExpectedMarker {
            id: environment.id.clone(),
            generation: environment.generation,
            lineage: Some(pass.pin.lineage.clone()),
            deleted_before,
        },
        capture: environment.capture.clone(),
        capsule,
        engine,
        environment: EngineEnvironment::new(
            world.around.variables.clone(),
            &config.ledger.to_string(),
            journal.fence(),
            &BTreeMap::new(),
        ),
        provider_templates: config.provider_templates.0.clone(),
        places: Places {
            work_base: config
                .work_dir
                .clone()
                .unwrap_or_else(|| work_dir::default_base(&temporary)),
            temporary,
            kept: config.keep_dir.clone(),
        },
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
    }))
}

async fn capsule(
    pass: &Pass,
    environment: &Environment,
) -> Result<Result<Option<Capsule>, TeardownFailure>, BookError> {
    let wanted = environment
        .capture
        .as_ref()
        .and_then(|capture| capture.capsule.as_ref());
    let Some(sha256) = wanted else {
        return Ok(Ok(None));
    };
    let Some(packed) = pass.world.book.fetch(sha256).await? else {
        return Ok(Err(refused(
            "its capsule is not in the ledger",
            "apply its configuration once more, which keeps a new one",
        )));
    };
    Ok(match Capsule::unpack(&packed) {
        Ok(capsule) => Ok(Some(capsule)),
        Err(error) => Err(refused(
            &format!("its capsule cannot be unpacked: {error}"),
            "apply its configuration once more, which keeps a new one",
        )),
    })
}

/// The system's temporary directory, as every program here takes it.
fn temporary(pass: &Pass) -> PathBuf {
    let chosen = pass.world.around.variable("TMPDIR");
    chosen
        .filter(|folder| !folder.is_empty())
        .map_or_else(|| PathBuf::from("/tmp"), PathBuf::from)
}

/// Whether an earlier pass came as far as destroying.
fn was_applying(environment: &Environment) -> bool {
    match &environment.course {
        Course::Destroying(teardown) => TeardownStep::Applying <= teardown.step,
        Course::Stuck(_) | Course::Living | Course::Destroyed { .. } | Course::Released { .. } => {
            false
        }
    }
}

fn refused(reason: &str, remedy: &str) -> TeardownFailure {
    TeardownFailure::new(FailureKind::Refused, reason, remedy)
}
