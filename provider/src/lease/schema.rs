//! The schema of `ttl_lease`. The words here become its page in the registry.

use tf_provider::schema::{
    AttributeConstraint::{Computed, Optional, OptionalComputed, Required},
    AttributeType::{Bool, Number, String as Text},
    Schema,
};

use crate::config::{attribute, schema, string_list, string_map};

/// The schema of `ttl_lease`.
#[must_use]
pub fn lease_schema() -> Schema {
    schema(
        "A lifetime for a part of a state that lives on, such as a bastion host for four hours. Gate the part on \
         `active`: when the lease lapses, the next plan simply does not contain it.",
        [
            (
                "environment",
                attribute(
                    Text,
                    Optional,
                    "The id or name of the environment it belongs to. It must live in the same ledger.",
                ),
            ),
            (
                "ttl",
                attribute(
                    Text,
                    Required,
                    "From the last renewal to the end, for example `4h`.",
                ),
            ),
            (
                "max_ttl",
                attribute(
                    Text,
                    Optional,
                    "From creation to the end no renewal passes. Default: none.",
                ),
            ),
            (
                "holder",
                attribute(
                    Text,
                    OptionalComputed,
                    "Who uses it. Default: who creates it, as far as that is known.",
                ),
            ),
            (
                "targets",
                attribute(
                    string_list(),
                    Optional,
                    "What it is for: resource addresses, or words for what is outside Terraform.",
                ),
            ),
            (
                "triggers",
                attribute(
                    string_map(),
                    Optional,
                    "Any values. A change renews the lease: `ttl` counts from then. So does a change of `ttl` or `max_ttl`.",
                ),
            ),
            (
                // Not sensitive: it is write-only, so no plan and no state has it, and the mark alone would cost every
                // lease seven lines of state, which Terraform writes anew after each change.
                "run_token",
                attribute(
                    Text,
                    Optional,
                    "The token of an `ephemeral \"ttl_lease\"`. It keeps that run lease open until this lease is done, and \
                     what is recorded of this lease carries the run's id. A change of it alone is no change of the lease.",
                ),
            ),
            (
                "id",
                attribute(
                    Text,
                    Computed,
                    "The lease's id, the key of its record in the ledger.",
                ),
            ),
            (
                "expires_at",
                attribute(Text, Computed, "When it ends, RFC 3339."),
            ),
            (
                "active",
                attribute(
                    Bool,
                    Computed,
                    "Whether it holds. Known in the first plan, so it can stand in `count` and `for_each`.",
                ),
            ),
            (
                "fencing_token",
                attribute(
                    Number,
                    Computed,
                    "Grows with every grant. A system that remembers the highest it has seen can refuse an older holder.",
                ),
            ),
        ],
    )
}
