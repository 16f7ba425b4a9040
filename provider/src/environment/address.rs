//! Where the state is: what the configuration says, else what is discovered.

use ledger::state_address::{DEFAULT_WORKSPACE, StateAddress};
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use super::model::{EnvironmentModel, known_strings};
use crate::{context::Context, diag, discover};

/// The address, and a warning where it could not be found out. Problems of what was configured are errors.
#[must_use]
pub(super) fn resolve(
    model: &EnvironmentModel,
    context: &Context,
    diags: &mut Diagnostics,
) -> (Option<StateAddress>, Option<Diagnostic>) {
    match &model.state {
        Value::Value(state) => {
            let Value::Value(backend) = &state.backend else {
                return (None, None);
            };
            let settings = state
                .config
                .as_ref_option()
                .map(known_strings)
                .unwrap_or_default();
            let workspace = state
                .workspace
                .as_ref_option()
                .map_or(DEFAULT_WORKSPACE, String::as_str);
            if backend == "local" {
                let config = settings
                    .into_iter()
                    .map(|(key, value)| (key, serde_json::Value::String(value)))
                    .collect();
                return (
                    Some(discover::local(&context.around.root, &config, workspace)),
                    None,
                );
            }
            let offered: Vec<String> = settings.keys().cloned().collect();
            let address = StateAddress::new(backend, settings, workspace);
            for key in offered {
                if !address.settings.contains_key(&key) {
                    diags.add_error(diag::state_setting_refused(backend, &key));
                }
            }
            (Some(address), None)
        }
        Value::Unknown => (None, None),
        Value::Null => match discover::state_address(&context.around) {
            Ok(address) => (Some(address), None),
            Err(cause) => (None, Some(diag::state_not_discovered(&cause))),
        },
    }
}
