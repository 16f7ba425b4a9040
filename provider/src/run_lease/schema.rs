//! The schema of `ephemeral "ttl_lease"`. The words here become its page in the registry.

use tf_provider::schema::{
    Attribute,
    AttributeConstraint::{Computed, Optional, OptionalComputed},
    AttributeType::String as Text,
    Schema,
};

use crate::config::{attribute, schema, string_map};

/// The schema of `ephemeral "ttl_lease"`.
#[must_use]
pub fn run_schema() -> Schema {
    schema(
        "A lease on the run itself. Terraform opens it when a run begins, renews it while the run lives, and closes it; \
         while it is alive, a sweeper keeps the environment the run works on.",
        [
            (
                "environment",
                attribute(
                    Text,
                    Optional,
                    "The id or name of the environment the run works on, besides the one whose state it is. It need not \
                     exist yet. A reference to an `ephemeral_environment` that is managed with this run's token would be \
                     a cycle: write the name, or use the same variable or local value in both places.",
                ),
            ),
            (
                "ttl",
                attribute(
                    Text,
                    OptionalComputed,
                    "How long the last sign of life counts, from `5s` to `1h`. Terraform gives one at every third of it. \
                     Default: `2m`.",
                ),
            ),
            (
                "labels",
                attribute(
                    string_map(),
                    Optional,
                    "Anything to be remembered of the run, for example the step of a pipeline. Recorded as it stands, so \
                     never a secret.",
                ),
            ),
            (
                "id",
                attribute(
                    Text,
                    Computed,
                    "The run's id, the key of its record in the ledger.",
                ),
            ),
            (
                "token",
                Attribute {
                    sensitive: true,
                    ..attribute(
                        Text,
                        Computed,
                        "What `run_token` in a provider block takes. It is valid while the run lives, and the ledger \
                         keeps only its hash.",
                    )
                },
            ),
            (
                "expires_at",
                attribute(
                    Text,
                    Computed,
                    "When the run would count as dead if it were never renewed, RFC 3339.",
                ),
            ),
        ],
    )
}
