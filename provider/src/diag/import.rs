//! Diagnostics on imports, and what they leave in the state.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};

/// The types that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importable {
    /// By its id or name.
    Environment,
    /// By its id: a lease has no name.
    Lease,
}

/// Nothing to import under that id or name.
#[must_use]
pub fn nothing_to_import(kind: Importable, text: &str) -> Diagnostic {
    let (what, list, example) = match kind {
        Importable::Environment => (
            "environment with the id or name",
            "sweeper list",
            "ephemeral_environment.preview pr-128",
        ),
        Importable::Lease => (
            "lease with the id",
            "sweeper list --leases",
            "ttl_lease.bastion lease-0190163d8694739bac4a5eb0f4a0b2c1",
        ),
    };
    at(
        AttributePath::root(),
        Title::NothingToImport,
        format!(
            "The ledger has no living {what} `{text}`. `{list}` shows what it has; for example `terraform import \
             {example}`."
        ),
    )
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
