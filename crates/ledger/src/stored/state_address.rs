//! The address of a state as written in every record that has one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::state_address::StateAddress;

#[derive(Serialize, Deserialize)]
pub(super) struct StateAddressV1 {
    backend: String,
    settings: BTreeMap<String, String>,
    workspace: String,
}

impl StateAddressV1 {
    pub(super) fn from_core(state: &StateAddress) -> Self {
        Self {
            backend: state.backend.clone(),
            settings: state.settings.clone(),
            workspace: state.workspace.clone(),
        }
    }

    pub(super) fn into_core(self) -> StateAddress {
        StateAddress::new(self.backend, self.settings, self.workspace)
    }
}
