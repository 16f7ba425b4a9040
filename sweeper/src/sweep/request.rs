//! What may be done in a cycle. Permission only: no fact, no selection, nothing that is believed.

use std::collections::BTreeSet;

use ledger::{brake::BrakeKind, plan::SweepPlan};

/// Who agreed to what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Approval {
    /// None: only look.
    #[default]
    None,
    /// The schedule: do what is planned now.
    Unattended,
    /// A person who looked at this plan: do exactly that, as far as it still holds.
    Saved {
        /// What the plan is called, for messages.
        name: String,
        /// The plan.
        plan: Box<SweepPlan>,
    },
}

/// What may be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SweepRequest {
    /// Who agreed.
    pub approval: Approval,
    /// Brakes a person released. A saved plan names its own.
    pub release: BTreeSet<BrakeKind>,
}

impl SweepRequest {
    /// The brakes that are released: those of the saved plan, if there is one.
    #[must_use]
    pub fn released(&self) -> BTreeSet<BrakeKind> {
        match &self.approval {
            Approval::Saved { plan, .. } => plan.released.clone(),
            Approval::None | Approval::Unattended => self.release.clone(),
        }
    }
}
