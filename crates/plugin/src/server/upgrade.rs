//! States from the state file, brought to the schema of today.

use tf_provider::Diagnostics;

use super::registry::Registry;
use crate::proto::tfplugin6 as proto;
use crate::raw::{self, Raw};
use crate::report::Report;
use crate::resource::ErasedResource;
use crate::shape;
use crate::table::Entry;

/// `UpgradeResourceState`.
pub(super) fn upgrade(
    registry: &Registry,
    request: &proto::upgrade_resource_state::Request,
    diags: &mut Diagnostics,
) -> Option<proto::upgrade_resource_state::Response> {
    let entry = registry.types.resources.get(&request.type_name, diags)?;
    let state = upgraded(entry, request.version, request.raw_state.as_ref(), diags)?;
    Some(proto::upgrade_resource_state::Response {
        upgraded_state: Some(entry.send(state, diags)?),
        ..Default::default()
    })
}

/// A state stored under schema `version`, in the schema of today; `None` if that cannot be, which was reported.
pub(super) fn upgraded(
    entry: &Entry<dyn ErasedResource>,
    version: i64,
    stored: Option<&proto::RawState>,
    diags: &mut Diagnostics,
) -> Option<Raw> {
    let json = stored
        .map(|state| state.json.as_slice())
        .unwrap_or_default();
    if json.is_empty() {
        diags.fail(
            "Unreadable State",
            "The stored state is not JSON. Only states written by Terraform 0.12 or later can be read.",
        );
        return None;
    }
    let state = if version == entry.schema.version {
        match raw::from_json(json) {
            Ok(state) => state,
            Err(error) => return unreadable(&error.to_string(), diags),
        }
    } else {
        match serde_json::from_slice(json) {
            Ok(state) => entry.code.upgrade(diags, version, state)?,
            Err(error) => return unreadable(&error.to_string(), diags),
        }
    };
    shape::conform_stored(&entry.schema.block, state, diags)
}

fn unreadable(error: &str, diags: &mut Diagnostics) -> Option<Raw> {
    diags.fail(
        "Unreadable State",
        format!("The stored state cannot be read. Original Error: {error}"),
    );
    None
}
