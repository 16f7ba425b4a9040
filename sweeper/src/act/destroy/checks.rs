//! The checks between planning and applying. Pure: a plan and two native reads in, violations out.
//!
//! A destroy may be applied if and only if it deletes every managed object of the state that still exists, and does
//! nothing else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use backend::{
    StateDoc,
    document::{Instance, ObjectKey},
    provider_address::{ProviderAddress, ProviderSource},
};
use terraform::tfplan::PlannedDestroy;

/// The most violations that are spelled out; the rest is counted.
pub const MOST_SHOWN: usize = 10;

/// One reason for which a plan may not be applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// Something other than a deletion.
    NotADelete {
        /// Of what.
        address: String,
        /// What it would do.
        actions: Vec<String>,
    },
    /// A deletion of something the native read did not show.
    NotInState {
        /// Of what.
        address: String,
    },
    /// An object that exists and would stay.
    NotPlanned {
        /// Which.
        address: String,
    },
    /// A deletion through a provider the state does not name for the object.
    OtherProvider {
        /// Of what.
        address: String,
        /// The provider in the plan.
        provider: String,
    },
    /// Everything that one provider configuration manages was not found by its refresh. The objects may be gone, or
    /// the provider may look into another account or region.
    Vanished {
        /// The provider configuration.
        provider: String,
        /// How many objects.
        objects: usize,
    },
    /// The state is no longer what was read before planning.
    Moved {
        /// What changed.
        found: String,
    },
    /// The plan was made on another state than the leased one.
    Elsewhere {
        /// What tells them apart.
        found: String,
    },
    /// Planning broke off, put changes off, or would invoke actions.
    Incomplete {
        /// Which of these.
        found: String,
    },
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADelete { address, actions } => {
                write!(f, "the plan would {} `{address}`", actions.join(" and "))
            }
            Self::NotInState { address } => write!(
                f,
                "the plan would delete `{address}`, which is not in the state"
            ),
            Self::NotPlanned { address } => write!(f, "the plan would leave `{address}`"),
            Self::OtherProvider { address, provider } => {
                write!(f, "the plan would delete `{address}` through `{provider}`")
            }
            Self::Vanished { provider, objects } => write!(
                f,
                "`{provider}` found none of the {objects} objects it manages"
            ),
            Self::Moved { found } => write!(f, "the state changed meanwhile: {found}"),
            Self::Elsewhere { found } => write!(f, "the plan is about another state: {found}"),
            Self::Incomplete { found } => write!(f, "the plan {found}"),
        }
    }
}

/// What the checks learnt of a plan that may be applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// What will be deleted.
    pub deletes: Vec<String>,
    /// What was in the state and is gone, as the providers say.
    pub already_gone: Vec<String>,
}

/// Checks `plan` against the native read `state`. `accept_vanished` lets it pass that a provider found nothing of what
/// it manages: a person looked, or an earlier pass of the same operation had begun to delete.
///
/// # Errors
/// Every violation.
pub fn check(
    plan: &PlannedDestroy,
    state: &StateDoc,
    accept_vanished: bool,
) -> Result<Checked, Vec<Violation>> {
    let instances: BTreeMap<&ObjectKey, &Instance> =
        state.managed().map(|one| (&one.key, one)).collect();
    let mut violations = incomplete(plan);
    violations.extend(
        plan.others
            .iter()
            .map(|(address, actions)| Violation::NotADelete {
                address: address.clone(),
                actions: actions.clone(),
            }),
    );
    for (key, provider) in &plan.deletes {
        violations.extend(wrong_delete(key, provider.as_ref(), &instances));
    }
    let left: Vec<&Instance> = state
        .managed()
        .filter(|one| !plan.deletes.contains_key(&one.key))
        .collect();
    for one in left.iter().filter(|one| plan.seen.contains(&one.key)) {
        violations.push(Violation::NotPlanned {
            address: one.key.to_string(),
        });
    }
    let gone: Vec<&Instance> = left
        .into_iter()
        .filter(|one| !plan.seen.contains(&one.key))
        .collect();
    if !accept_vanished {
        violations.extend(vanished(state, &gone));
    }
    if !violations.is_empty() {
        return Err(violations);
    }
    Ok(Checked {
        deletes: plan.deletes.keys().map(ToString::to_string).collect(),
        already_gone: gone.iter().map(|one| one.key.to_string()).collect(),
    })
}

/// Checks that `again`, read right before applying, is the state that was planned on.
///
/// # Errors
/// What changed.
pub fn unmoved(before: &StateDoc, again: &StateDoc) -> Result<(), Violation> {
    let found = if before.lineage != again.lineage {
        format!(
            "its lineage was {} and is {}",
            before.lineage, again.lineage
        )
    } else if before.serial != again.serial {
        format!("its serial was {} and is {}", before.serial, again.serial)
    } else if before != again {
        "its content differs under the same serial".to_owned()
    } else {
        return Ok(());
    };
    Err(Violation::Moved { found })
}

fn incomplete(plan: &PlannedDestroy) -> Vec<Violation> {
    let mut all = Vec::new();
    let mut say = |found: String| all.push(Violation::Incomplete { found });
    if plan.errored {
        say("is marked as errored".to_owned());
    }
    if 0 < plan.deferred {
        say(format!("puts off {} changes", plan.deferred));
    }
    if 0 < plan.invocations {
        say(format!("would invoke {} actions", plan.invocations));
    }
    all
}

fn wrong_delete(
    key: &ObjectKey,
    provider: Option<&ProviderSource>,
    instances: &BTreeMap<&ObjectKey, &Instance>,
) -> Option<Violation> {
    let Some(instance) = instances.get(key) else {
        return Some(Violation::NotInState {
            address: key.to_string(),
        });
    };
    (provider != Some(&instance.provider.source)).then(|| Violation::OtherProvider {
        address: key.to_string(),
        provider: provider.map_or_else(|| "an unknown provider".to_owned(), ToString::to_string),
    })
}

/// The provider configurations of which the refresh found nothing at all.
fn vanished(state: &StateDoc, gone: &[&Instance]) -> Vec<Violation> {
    let gone_keys: BTreeSet<&ObjectKey> = gone.iter().map(|one| &one.key).collect();
    let mut by_provider: BTreeMap<&ProviderAddress, (usize, usize)> = BTreeMap::new();
    for one in state.managed() {
        let (all, lost) = by_provider.entry(&one.provider).or_default();
        *all += 1;
        *lost += usize::from(gone_keys.contains(&one.key));
    }
    by_provider
        .into_iter()
        // Our own objects are found in the ledger, and builtin ones cannot be elsewhere.
        .filter(|(provider, _)| !provider.source.is_ours() && !provider.source.is_builtin())
        .filter(|(_, (all, lost))| all == lost)
        .map(|(provider, (objects, _))| Violation::Vanished {
            provider: provider.to_string(),
            objects,
        })
        .collect()
}

#[cfg(test)]
mod tests;
