//! Where the state is: what the configuration says, else what is discovered.

use std::collections::BTreeMap;

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use super::model::{EnvironmentModel, known_strings};
use crate::{context::Context, diag};

/// Checks what the configuration says of the state's address: a setting that could be a secret may not stand there.
pub(super) fn check(model: &EnvironmentModel, diags: &mut Diagnostics) {
    let Value::Value(state) = &model.state else {
        return;
    };
    for (member, value) in [("backend", &state.backend), ("workspace", &state.workspace)] {
        if matches!(value, Value::Value(text) if text.trim().is_empty()) {
            diags.add_error(diag::empty_in_state(member, example(member)));
        }
    }
    let (Value::Value(backend), Value::Value(config)) = (&state.backend, &state.config) else {
        return;
    };
    if backend.trim().is_empty() {
        return;
    }
    for (key, value) in config {
        if !::backend::keeps(backend, key) {
            diags.add_error(diag::state_setting_refused(backend, key));
        } else if matches!(value, Value::Null) {
            diags.add_error(diag::state_setting_without_value(key));
        }
    }
}

fn example(member: &str) -> &'static str {
    if member == "backend" {
        "s3"
    } else {
        DEFAULT_WORKSPACE
    }
}

/// The address, and a warning where it could not be found out.
#[must_use]
pub(super) fn resolve(
    model: &EnvironmentModel,
    context: &Context,
) -> (Option<StateAddress>, Option<Diagnostic>) {
    match &model.state {
        Value::Value(state) => {
            let Value::Value(backend) = &state.backend else {
                return (None, None);
            };
            let settings: BTreeMap<_, _> = state
                .config
                .as_ref_option()
                .map(known_strings)
                .unwrap_or_default();
            let workspace = state
                .workspace
                .as_ref_option()
                .map_or(DEFAULT_WORKSPACE, String::as_str);
            let settings = settings
                .into_iter()
                .map(|(key, value)| (key, serde_json::Value::String(value)));
            let root = &context.invocation.root;
            let address = ::backend::address(backend, settings, workspace, root);
            (Some(address), None)
        }
        Value::Unknown => (None, None),
        Value::Null => match context.invocation.working_directory().state_address() {
            Ok(address) => (Some(address), None),
            Err(cause) => (None, Some(diag::state_not_discovered(&cause))),
        },
    }
}
