//! Diagnostics on imports, and what they leave in the state.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};

/// No living environment under that id or name.
#[must_use]
pub fn no_environment_to_import(text: &str) -> Diagnostic {
    nothing_to_import(format!(
        "The ledger has no living environment with the id or name `{text}`. `sweeper list` shows what it has; for \
         example `terraform import ephemeral_environment.preview pr-128`."
    ))
}

/// No living lease under that id. A lease has no name.
#[must_use]
pub fn no_lease_to_import(text: &str) -> Diagnostic {
    nothing_to_import(format!(
        "The ledger has no living lease with the id `{text}`. `sweeper list --leases` shows what it has; for example \
         `terraform import ttl_lease.bastion lease-0190163d8694739bac4a5eb0f4a0b2c1`."
    ))
}

fn nothing_to_import(detail: String) -> Diagnostic {
    at(AttributePath::root(), Title::NothingToImport, detail)
}

/// A state without an id.
#[must_use]
pub fn missing_id() -> Diagnostic {
    at(
        AttributePath::new("id"),
        Title::MissingId,
        "The state holds this resource without an id, so its record in the ledger cannot be found. If the resource was \
         edited by hand, remove it with `terraform state rm` and import it again."
            .to_owned(),
    )
}
