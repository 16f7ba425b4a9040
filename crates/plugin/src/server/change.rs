//! Which change a request is about: told from which of its states are null, alike for planning and applying.

use tf_provider::Diagnostics;

use super::registry::Registry;
use crate::proto::tfplugin6::DynamicValue;
use crate::raw::Raw;
use crate::report::Report;
use crate::resource::{Change, ErasedResource};
use crate::table::Entry;

/// The change of a request and the `provider_meta` value beside it.
pub(super) fn of(
    registry: &Registry,
    entry: &Entry<dyn ErasedResource>,
    [prior, next, config, meta]: [Option<&DynamicValue>; 4],
    diags: &mut Diagnostics,
) -> Option<(Change, Raw)> {
    // All four are looked at before giving up, so that all that is wrong is told.
    let prior = entry.receive("prior state", prior, diags);
    let next = entry.receive("planned state", next, diags);
    let config = entry.receive("configuration", config, diags);
    let meta = registry.meta(meta, diags);
    let (prior, next, config) = (prior?, next?, config?);
    let change = match (prior.is_nil(), next.is_nil()) {
        (true, false) => Change::Create { next, config },
        (false, false) => Change::Update {
            prior,
            next,
            config,
        },
        (false, true) => Change::Destroy { prior },
        (true, true) => {
            diags.fail(
                "Change from Nothing to Nothing",
                "The provider was asked to change a resource that neither exists nor is wanted. This is a bug in \
                 Terraform or in the program that drives the provider.",
            );
            return None;
        }
    };
    Some((change, meta?))
}
