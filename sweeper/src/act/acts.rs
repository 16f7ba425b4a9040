//! The registry of acts: who does which kind of action.

use std::sync::Arc;

use ledger::plan::Action;

use super::{Act, destroy_environment::DestroyEnvironment};
use crate::world::World;

/// Who does what, in one sweep: one line for each kind of action.
#[derive(Clone)]
pub struct Acts {
    /// Does [`Action::Destroy`].
    pub destroy: Arc<dyn Act>,
}

impl Acts {
    /// The real ones, which share what they find out during the sweep.
    #[must_use]
    pub fn of(world: &World) -> Self {
        Self {
            destroy: Arc::new(DestroyEnvironment::new(world)),
        }
    }

    /// Who does `action`.
    #[must_use]
    pub fn act(&self, action: &Action) -> &dyn Act {
        match action {
            Action::Destroy(_) => self.destroy.as_ref(),
        }
    }
}
