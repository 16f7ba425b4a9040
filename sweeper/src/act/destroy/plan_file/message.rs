//! The message `tfplan` of a saved plan, of format 3 as Terraform 1.11 writes it. Pure.
//!
//! The fields are those of `planfile.proto` of Terraform; one that is not among them makes the plan not understood.
//! No value of any object is read; they hold secrets.

use std::collections::BTreeMap;

use super::{
    NotUnderstood,
    wire::{Value, fields},
};

/// The version of the format that is understood.
const FORMAT: u64 = 3;

/// The mode of a plan that destroys.
const DESTROY: u64 = 1;

/// The backend whose settings only say where, all of them texts.
const HARMLESS: &str = backend::local::NAME;

/// What a plan says, as it says it.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) changes: Vec<Change<'a>>,
    pub(super) destroys: bool,
    pub(super) applyable: bool,
    pub(super) complete: bool,
    pub(super) errored: bool,
    pub(super) deferred: usize,
    /// Targets and forced replacements.
    pub(super) narrowed: usize,
    pub(super) terraform_version: &'a str,
    pub(super) backend: Option<Backend<'a>>,
}

/// One change of one object.
#[derive(Debug, Default)]
pub(super) struct Change<'a> {
    pub(super) address: &'a str,
    pub(super) deposed: &'a str,
    pub(super) provider: &'a str,
    pub(super) actions: &'static [&'static str],
}

/// Where the state is that was planned on.
#[derive(Debug, Default)]
pub(super) struct Backend<'a> {
    pub(super) kind: &'a str,
    /// The settings that are set; `None` for backends whose settings may hold secrets.
    pub(super) settings: Option<BTreeMap<String, String>>,
    pub(super) workspace: &'a str,
}

fn unknown(of: &str, number: u64) -> NotUnderstood {
    NotUnderstood(format!("{of} has a field {number} that is not known"))
}

/// Reads the message `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<Plan<'_>, NotUnderstood> {
    let mut plan = Plan::default();
    let mut version = None;
    for field in fields(bytes) {
        let (number, value) = field?;
        match number {
            1 => version = Some(value.number()?),
            3 => plan.changes.push(change(value.bytes()?)?),
            5 | 16 => plan.narrowed += 1,
            13 if plan.backend.is_none() => plan.backend = Some(backend(value.bytes()?)?),
            14 => plan.terraform_version = value.text()?,
            17 => plan.destroys = value.number()? == DESTROY,
            20 => plan.errored = value.truth()?,
            25 => plan.applyable = value.truth()?,
            26 => plan.complete = value.truth()?,
            27 => plan.deferred += 1,
            // Variables, outputs, drift, checks, times and hashes: nothing that is done to an object.
            2 | 4 | 15 | 18 | 19 | 21 | 22 | 28 => {
                value.bytes()?;
            }
            other => return Err(unknown("the plan", other)),
        }
    }
    if version != Some(FORMAT) {
        return Err(NotUnderstood(
            "it is not of format 3, the only one known".to_owned(),
        ));
    }
    Ok(plan)
}

fn change(bytes: &[u8]) -> Result<Change<'_>, NotUnderstood> {
    let mut change = Change::default();
    for field in fields(bytes) {
        let (number, value) = field?;
        match number {
            7 => change.deposed = value.text()?,
            8 => change.provider = value.text()?,
            9 => change.actions = actions(value.bytes()?)?,
            13 => change.address = value.text()?,
            // Where it was before a move, the provider's own notes, and reasons.
            10 | 11 | 12 | 14 => {}
            other => return Err(unknown("a change", other)),
        }
    }
    if change.address.is_empty() || change.actions.is_empty() {
        return Err(NotUnderstood("a change does not say what it is".to_owned()));
    }
    Ok(change)
}

/// The actions in the words of `show -json`.
fn actions(bytes: &[u8]) -> Result<&'static [&'static str], NotUnderstood> {
    let mut action = Value::Number(0);
    for field in fields(bytes) {
        let (number, value) = field?;
        match number {
            1 => action = value,
            // Values, and which of them are sensitive.
            2..=4 => {}
            other => return Err(unknown("what a change does", other)),
        }
    }
    Ok(match action.number()? {
        0 => &["no-op"],
        1 => &["create"],
        2 => &["read"],
        3 => &["update"],
        5 => &["delete"],
        6 => &["delete", "create"],
        7 => &["create", "delete"],
        8 => &["forget"],
        other => {
            return Err(NotUnderstood(format!(
                "a change has an action {other} that is not known"
            )));
        }
    })
}

fn backend(bytes: &[u8]) -> Result<Backend<'_>, NotUnderstood> {
    let mut backend = Backend::default();
    let mut given: &[u8] = &[];
    for field in fields(bytes) {
        let (number, value) = field?;
        match number {
            1 => backend.kind = value.text()?,
            2 => given = value.bytes()?,
            3 => backend.workspace = value.text()?,
            other => return Err(unknown("where its state is", other)),
        }
    }
    if backend.kind == HARMLESS {
        backend.settings = Some(settings(given)?);
    }
    Ok(backend)
}

fn settings(bytes: &[u8]) -> Result<BTreeMap<String, String>, NotUnderstood> {
    let odd = || NotUnderstood("the settings of its backend cannot be read".to_owned());
    let mut all = BTreeMap::new();
    for field in fields(bytes) {
        let (1, value) = field? else {
            return Err(odd());
        };
        let read: BTreeMap<String, Option<String>> =
            rmp_serde::from_slice(value.bytes()?).map_err(|_| odd())?;
        all.extend(
            read.into_iter()
                .filter_map(|(key, value)| Some((key, value?))),
        );
    }
    Ok(all)
}
