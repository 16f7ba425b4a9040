//! Diagnostics on imports, and what they leave in the state.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};

/// Nothing to import under that id or name.
#[must_use]
pub fn nothing_to_import(kind: &str, id: &str, example: &str) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::NothingToImport,
        format!(
            "The ledger has no living {kind} with the id or name `{id}`. `sweeper list` shows what it has; for example \
             `terraform import {example}`."
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
