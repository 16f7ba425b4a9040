//! Moving a state from another provider address (`moved` blocks): only between our own addresses, and only within one
//! type. The objects are the same and so are the ledgers, so only the address of the provider changes.

use tf_provider::Diagnostics;

use super::registry::Registry;
use super::resource_identity;
use super::upgrade::upgraded;
use crate::proto::tfplugin6 as proto;
use crate::report::Report;

/// `MoveResourceState`.
pub(super) fn move_state(
    registry: &Registry,
    request: proto::move_resource_state::Request,
    diags: &mut Diagnostics,
) -> Option<proto::move_resource_state::Response> {
    let entry = registry
        .types
        .resources
        .get(&request.target_type_name, diags)?;
    let ours = registry.addresses;
    if request.source_type_name != request.target_type_name
        || !ours
            .iter()
            .any(|address| same_provider(address, &request.source_provider_address))
    {
        diags.fail(
            "Move Not Supported",
            format!(
                "A `{}` of `{}` cannot become a `{}` of this provider: states move only between {}, and only within one \
                 type. Remove the `moved` block; to take over an existing object, use an `import` block.",
                request.source_type_name,
                request.source_provider_address,
                request.target_type_name,
                in_words(ours),
            ),
        );
        return None;
    }
    let state = request.source_state.as_ref();
    let state = upgraded(entry, request.source_schema_version, state, diags)?;
    let stored = match (entry.code.identity_schema(), &request.source_identity) {
        (Some(schema), source @ Some(_)) => {
            let version = request.source_identity_schema_version;
            Some(resource_identity::stored(
                schema,
                version,
                source.as_ref(),
                diags,
            )?)
        }
        _ => None,
    };
    Some(proto::move_resource_state::Response {
        target_identity: stored.or_else(|| resource_identity::of(entry, &state)),
        target_state: Some(entry.send(state, diags)?),
        target_private: request.source_private,
        ..Default::default()
    })
}

/// Whether two addresses are one provider. The host is left out of it: Terraform's registry and OpenTofu's have the
/// same providers under their own host names, and so has a mirror.
fn same_provider(one: &str, other: &str) -> bool {
    let tail = |address: &str| {
        let mut parts = address.rsplit('/');
        Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
    };
    tail(one).is_some() && tail(one) == tail(other)
}

fn in_words(addresses: &[&str]) -> String {
    let quoted: Vec<_> = addresses
        .iter()
        .map(|address| format!("`{address}`"))
        .collect();
    match quoted.as_slice() {
        [] => "no providers".to_owned(),
        all => all.join(" and "),
    }
}
