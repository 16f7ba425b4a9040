//! On which state a saved plan was made, and the check that this is the leased one as it was read. Pure.
//!
//! A saved plan carries its own backend with it, and `apply` works on that one, whatever the directory says.

use backend::StateDoc;
use ledger::state_address::StateAddress;
use terraform::tfplan::{PlanBase, PlannedDestroy};

use super::checks::Violation;

/// What speaks against applying `plan`, where `state` was read at `address` before. Nothing if `plan` does not say what
/// it was made on.
#[must_use]
pub fn violations(
    plan: &PlannedDestroy,
    state: &StateDoc,
    address: &StateAddress,
) -> Vec<Violation> {
    let Some(base) = &plan.base else {
        return Vec::new();
    };
    let mut all: Vec<Violation> = place(base, address)
        .into_iter()
        .map(|found| Violation::Elsewhere { found })
        .collect();
    if base.lineage != state.lineage {
        all.push(Violation::Elsewhere {
            found: format!("its lineage is {}", base.lineage),
        });
    } else if base.serial != state.serial {
        all.push(Violation::Moved {
            found: format!("its serial was {} and is {}", state.serial, base.serial),
        });
    }
    // One that deletes nothing need not be applied; that it deletes nothing is dealt with elsewhere.
    let applied = base.applyable || plan.deletes.is_empty();
    for (holds, found) in [
        (base.destroys, "was not made to destroy"),
        (base.whole, "is about a part of the state only"),
        (applied, "is marked as one that cannot be applied"),
    ] {
        if !holds {
            let found = found.to_owned();
            all.push(Violation::Incomplete { found });
        }
    }
    all
}

/// What tells the place of the plan's state from `address`.
fn place(base: &PlanBase, address: &StateAddress) -> Vec<String> {
    let mut all = Vec::new();
    if base.backend != address.backend {
        all.push(format!("it is in `{}`", base.backend));
    }
    if base.workspace != address.workspace {
        all.push(format!("its workspace is `{}`", base.workspace));
    }
    let Some(settings) = &base.settings else {
        return all;
    };
    for (key, wanted) in &address.settings {
        match settings.get(key) {
            Some(found) if found == wanted => {}
            Some(found) => all.push(format!("its `{key}` is `{found}`")),
            None => all.push(format!("its `{key}` is not set")),
        }
    }
    let more = settings
        .keys()
        .filter(|key| !address.settings.contains_key(*key));
    all.extend(more.map(|key| format!("its `{key}` is set")));
    all
}
