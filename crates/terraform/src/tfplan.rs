//! What a saved plan would do: the typed reading of `show -json`. Pure.
//!
//! No attribute of any object is read; they hold secrets.

use std::collections::{BTreeMap, BTreeSet};

use backend::{
    document::{Index, Mode, ObjectKey},
    provider_address::ProviderSource,
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use thiserror::Error;

/// The major version of the format that is understood.
const FORMAT: &str = "1.";

/// A plan that cannot be understood. Nothing may be applied then.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("cannot read what the plan would do: {0}")]
pub struct PlanUnreadable(pub String);

/// What a plan would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlannedDestroy {
    /// What it deletes, and through which provider.
    pub deletes: BTreeMap<ObjectKey, Option<ProviderSource>>,
    /// What it would do to managed objects other than deleting them: address and actions.
    pub others: BTreeMap<String, Vec<String>>,
    /// The managed objects terraform saw before planning, after its refresh.
    pub seen: BTreeSet<ObjectKey>,
    /// Whether planning broke off with an error.
    pub errored: bool,
    /// Changes terraform put off.
    pub deferred: usize,
    /// Actions it would invoke beside changing objects.
    pub invocations: usize,
    /// On which state it was made; `None` if that was not read. `show -json` does not say it.
    pub base: Option<PlanBase>,
}

/// What a saved plan says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanBase {
    /// Whether it was made to destroy.
    pub destroys: bool,
    /// Whether it is about every object: nothing was targeted, put off or left out.
    pub whole: bool,
    /// Whether the CLI would apply it.
    pub applyable: bool,
    /// The type of the backend.
    pub backend: String,
    /// The backend's settings; `None` for backends whose settings may hold secrets, which are not read.
    pub settings: Option<BTreeMap<String, String>>,
    /// The workspace.
    pub workspace: String,
    /// The lineage of the state.
    pub lineage: String,
    /// The serial of the state.
    pub serial: u64,
}

#[derive(Deserialize)]
struct RawPlan<'a> {
    format_version: String,
    #[serde(borrow, default)]
    resource_changes: Vec<RawChange<'a>>,
    #[serde(borrow)]
    prior_state: Option<RawPrior<'a>>,
    #[serde(default)]
    errored: bool,
    #[serde(default)]
    deferred_changes: Vec<IgnoredAny>,
    #[serde(default)]
    action_invocations: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct RawChange<'a> {
    #[serde(default)]
    module_address: String,
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(borrow)]
    index: Option<&'a RawValue>,
    deposed: Option<String>,
    #[serde(default)]
    provider_name: String,
    change: RawActions,
}

#[derive(Deserialize)]
struct RawActions {
    actions: Vec<String>,
}

#[derive(Deserialize)]
struct RawPrior<'a> {
    #[serde(borrow)]
    values: Option<RawValues<'a>>,
}

#[derive(Deserialize)]
struct RawValues<'a> {
    #[serde(borrow)]
    root_module: RawModule<'a>,
}

#[derive(Deserialize)]
struct RawModule<'a> {
    #[serde(default)]
    address: String,
    #[serde(borrow, default)]
    resources: Vec<RawSeen<'a>>,
    #[serde(borrow, default)]
    child_modules: Vec<RawModule<'a>>,
}

#[derive(Deserialize)]
struct RawSeen<'a> {
    mode: String,
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(borrow)]
    index: Option<&'a RawValue>,
    deposed_key: Option<String>,
}

/// Reads what `show -json` said.
///
/// # Errors
/// If it is not such a document, of another format version, or names an object in an unknown way.
pub fn read(bytes: &[u8]) -> Result<PlannedDestroy, PlanUnreadable> {
    let raw: RawPlan<'_> = serde_json::from_slice(bytes).map_err(|error| {
        // The text of the error may quote a value; only the place is told.
        PlanUnreadable(format!(
            "it does not parse at line {} column {}",
            error.line(),
            error.column()
        ))
    })?;
    if !raw.format_version.starts_with(FORMAT) {
        return Err(PlanUnreadable(format!(
            "its format version is {}, and only 1.x is known",
            raw.format_version
        )));
    }
    let mut plan = PlannedDestroy {
        errored: raw.errored,
        deferred: raw.deferred_changes.len(),
        invocations: raw.action_invocations.len(),
        ..PlannedDestroy::default()
    };
    for change in raw.resource_changes {
        let actions = change.change.actions;
        let Some(key) = key(
            change.module_address,
            &change.mode,
            change.kind,
            change.name,
            change.index,
            change.deposed,
        )?
        else {
            continue;
        };
        if actions == ["delete"] {
            let source = ProviderSource::parse(&change.provider_name);
            plan.deletes.insert(key, source);
        } else {
            plan.others.insert(key.to_string(), actions);
        }
    }
    if let Some(values) = raw.prior_state.and_then(|prior| prior.values) {
        add_seen(&mut plan.seen, values.root_module)?;
    }
    Ok(plan)
}

fn add_seen(seen: &mut BTreeSet<ObjectKey>, module: RawModule<'_>) -> Result<(), PlanUnreadable> {
    for one in module.resources {
        seen.extend(key(
            module.address.clone(),
            &one.mode,
            one.kind,
            one.name,
            one.index,
            one.deposed_key,
        )?);
    }
    module
        .child_modules
        .into_iter()
        .try_for_each(|child| add_seen(seen, child))
}

/// The key of a managed object; `Ok(None)` for data sources, which a destroy only forgets.
fn key(
    module: String,
    mode: &str,
    kind: String,
    name: String,
    index: Option<&RawValue>,
    deposed: Option<String>,
) -> Result<Option<ObjectKey>, PlanUnreadable> {
    match mode {
        "managed" => {}
        "data" => return Ok(None),
        other => {
            return Err(PlanUnreadable(format!(
                "`{other}` is not a mode of resources"
            )));
        }
    }
    let index = index
        .map(|raw| {
            Index::parse(raw.get())
                .ok_or_else(|| PlanUnreadable(format!("`{kind}.{name}` has an odd index")))
        })
        .transpose()?;
    Ok(Some(ObjectKey {
        module,
        mode: Mode::Managed,
        kind,
        name,
        index,
        deposed: deposed.filter(|key| !key.is_empty()),
    }))
}
