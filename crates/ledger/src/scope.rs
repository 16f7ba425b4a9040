//! A scope: what one sweeper looks after, with the memory of its last sweep that the brakes need.

use std::collections::BTreeSet;

use crate::{
    clock::Timestamp,
    id::{EnvironmentId, ScopeName},
};

/// The memory of a scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its name.
    pub name: ScopeName,
    /// When it was first swept. That sweep only reported.
    pub first_swept_at: Timestamp,
    /// When it was last swept with a clean look at everything.
    pub last_swept_at: Timestamp,
    /// What was due then. What is due now and not in here is *newly* due.
    pub last_due: BTreeSet<EnvironmentId>,
    /// How many lived then.
    pub last_fleet: u64,
}
