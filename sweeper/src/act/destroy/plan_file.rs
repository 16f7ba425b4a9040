//! What a saved plan would do, read from its file without asking the CLI, and on which state it was made.
//!
//! A saved plan is an archive of the plan as a message and of the state it was made on. Only what one version of
//! Terraform is known to write is understood; for everything else the CLI is asked (`tfplan`). What is not understood
//! is an error and never "nothing to do". An edge only in [`bytes`]; the rest is pure.
//!
//! No attribute of any object is read; they hold secrets.

mod message;
mod wire;
mod zip;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, Read},
    path::Path,
};

use backend::{
    document::{Instance, Mode, ObjectKey},
    provider_address::ProviderAddress,
    read::read as read_state,
};
use terraform::{
    cli::{Cli, CliKind},
    tfplan::{PlanBase, PlannedDestroy},
};
use thiserror::Error;

use self::{message::Change, zip::Archive};

/// The plan in the archive.
const PLAN: &str = "tfplan";

/// The state the plan was made on, after its refresh.
const STATE: &str = "tfstate";

/// The line of Terraform whose plans are known.
const KNOWN: (u64, u64) = (1, 11);

/// The most bytes of a saved plan: 1 GiB, a thousand times what 5,000 objects took.
const MOST: u64 = 1 << 30;

/// A saved plan that is not understood here. The CLI may still understand it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct NotUnderstood(pub String);

/// Says whether saved plans of `engine` are known.
///
/// # Errors
/// That they are not.
pub fn known(engine: &Cli) -> Result<(), NotUnderstood> {
    if engine.kind == CliKind::Terraform && engine.version.line() == KNOWN {
        return Ok(());
    }
    Err(NotUnderstood(format!(
        "plans of {} {} are not known",
        engine.kind.as_str(),
        engine.version
    )))
}

/// The bytes of the saved plan at `path`.
///
/// # Errors
/// If there is none, or it is larger than 1 GiB.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge that reads the plan in our own work directory"
)]
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let length = File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(length).is_ok_and(|length| length <= MOST) {
        Ok(bytes)
    } else {
        Err(io::ErrorKind::FileTooLarge.into())
    }
}

/// Reads the saved plan `bytes`, written by `engine`.
///
/// # Errors
/// What is not understood.
pub fn read(bytes: &[u8], engine: &Cli) -> Result<PlannedDestroy, NotUnderstood> {
    known(engine)?;
    let archive = Archive::open(bytes)?;
    understood(&archive.entry(PLAN)?, &archive.entry(STATE)?, engine)
}

/// What the plan `message` says over the state of these bytes.
fn understood(message: &[u8], state: &[u8], engine: &Cli) -> Result<PlannedDestroy, NotUnderstood> {
    let plan = message::read(message)?;
    if plan.terraform_version != engine.version.to_string() {
        return Err(NotUnderstood("another version wrote it".to_owned()));
    }
    let state = read_state(state)
        .map_err(|refusal| NotUnderstood(format!("its state is not understood: {refusal}")))?;
    let backend = plan
        .backend
        .ok_or_else(|| NotUnderstood("it does not say where its state is".to_owned()))?;
    let named: BTreeMap<(String, Option<&str>), &Instance> = state
        .instances
        .iter()
        .map(|one| (name(&one.key), one))
        .collect();
    let mut planned = PlannedDestroy {
        errored: plan.errored,
        deferred: plan.deferred,
        seen: state.managed().map(|one| one.key.clone()).collect(),
        ..PlannedDestroy::default()
    };
    let mut changed = BTreeSet::new();
    for change in &plan.changes {
        let key = object(change, &named)?;
        if !changed.insert(key) {
            return Err(NotUnderstood("an object is changed twice".to_owned()));
        }
        // A destroy only forgets data sources.
        if key.mode == Mode::Data {
            continue;
        }
        let provider = ProviderAddress::parse(change.provider).ok_or_else(|| {
            NotUnderstood("a provider is named in a way that is not known".to_owned())
        })?;
        if change.actions == ["delete"] {
            planned.deletes.insert(key.clone(), Some(provider.source));
        } else {
            let actions = change.actions.iter().map(|one| (*one).to_owned());
            planned.others.insert(key.to_string(), actions.collect());
        }
    }
    planned.base = Some(PlanBase {
        destroys: plan.destroys,
        whole: plan.complete && plan.narrowed == 0,
        applyable: plan.applyable,
        backend: backend.kind.to_owned(),
        settings: backend.settings,
        workspace: backend.workspace.to_owned(),
        lineage: state.lineage.clone(),
        serial: state.serial,
    });
    Ok(planned)
}

/// The name of an object as a change gives it: the address, and the key of a deposed one apart.
fn name(key: &ObjectKey) -> (String, Option<&str>) {
    let current = ObjectKey {
        deposed: None,
        ..key.clone()
    };
    (current.to_string(), key.deposed.as_deref())
}

/// The object of the plan's own state that `change` is about. An address is not taken apart: it is looked up.
fn object<'a>(
    change: &Change<'_>,
    named: &BTreeMap<(String, Option<&str>), &'a Instance>,
) -> Result<&'a ObjectKey, NotUnderstood> {
    let deposed = Some(change.deposed).filter(|key| !key.is_empty());
    named
        .get(&(change.address.to_owned(), deposed))
        .map(|one| &one.key)
        .ok_or_else(|| {
            NotUnderstood("it changes an object that its state does not hold".to_owned())
        })
}

#[cfg(test)]
mod tests;
