//! The schema of `ephemeral_environment`. The words here become its page in the registry.

use std::collections::HashMap;

use tf_provider::schema::{
    AttributeConstraint::{Computed, Optional, OptionalComputed, Required},
    AttributeType::{AttributeSingle, Bool, Number, String as Text},
    Schema,
};

use crate::config::{attribute, lifetime_attribute, schema, string_map};

/// The schema of `ephemeral_environment`.
#[must_use]
pub fn environment_schema() -> Schema {
    schema(
        "The lifetime of one whole Terraform state: whose it is, and how long it may live. When it ends, the sweeper \
         destroys everything in the state, with proof. Removing this resource destroys nothing: it gives the lifetime \
         back.",
        [
            (
                "name",
                attribute(
                    Text,
                    Required,
                    "The environment's name, unique among the living ones of a ledger: lower-case letters, digits and \
                     `-`, at most 63. A change replaces the resource.",
                ),
            ),
            (
                "owner",
                attribute(
                    Text,
                    OptionalComputed,
                    "Who answers for it. Default: the provider's `default_owner`.",
                ),
            ),
            (
                "team",
                attribute(
                    Text,
                    OptionalComputed,
                    "The owner's team. Default: the provider's `default_team`.",
                ),
            ),
            (
                "project",
                attribute(
                    Text,
                    OptionalComputed,
                    "What it belongs to. Default: the provider's `default_project`.",
                ),
            ),
            (
                "lifetime",
                lifetime_attribute(
                    OptionalComputed,
                    OptionalComputed,
                    "How long it may live. Durations such as `90m`, `72h`, `3d`, `1h30m` or `PT72H`.",
                    [
                        "From the last renewal to expiry. Default: the provider's, `72h`.",
                        "From creation to the end no renewal passes. Default: the provider's, `72h`.",
                        "From the last known use to expiry. Default: the provider's, `8h`.",
                        "From the last known use to hibernation. Default: the provider's, `4h`, and never longer than `idle`.",
                        "From expiry to destruction. Default: the provider's, `1h`.",
                    ],
                ),
            ),
            (
                "tags",
                attribute(
                    string_map(),
                    Optional,
                    "Tags besides the standard ones. Keys and values must be valid on every cloud of the provider's \
                     `tag_rules`. `<prefix>protect = \"true\"` protects it; `<prefix>opt-out = \"true\"` opts it out.",
                ),
            ),
            (
                "pull_request",
                attribute(
                    AttributeSingle(HashMap::from([
                        (
                            "forge".to_owned(),
                            attribute(
                                Text,
                                OptionalComputed,
                                "`github`, `gitlab` or `bitbucket`. Default: `github`.",
                            ),
                        ),
                        (
                            "repository".to_owned(),
                            attribute(Text, Required, "Owner and name, for example `acme/shop`."),
                        ),
                        (
                            "number".to_owned(),
                            attribute(Number, Required, "The number of the pull or merge request."),
                        ),
                    ])),
                    Optional,
                    "The pull or merge request it was made for.",
                ),
            ),
            (
                "triggers",
                attribute(
                    string_map(),
                    Optional,
                    "Any values. A change renews the lifetime: `ttl` counts from then, up to the hard end.",
                ),
            ),
            (
                "state",
                attribute(
                    AttributeSingle(HashMap::from([
                        (
                            "backend".to_owned(),
                            attribute(Text, Required, "The backend's type, for example `s3`."),
                        ),
                        (
                            "config".to_owned(),
                            attribute(
                                string_map(),
                                Optional,
                                "Settings that say where the state is, never secrets. For `local`: the absolute `path`.",
                            ),
                        ),
                        (
                            "workspace".to_owned(),
                            attribute(Text, Optional, "The workspace. Default: `default`."),
                        ),
                    ])),
                    Optional,
                    "Where the state is. Default: discovered from Terraform's own data directory.",
                ),
            ),
            (
                "on_expiry",
                attribute(
                    Text,
                    OptionalComputed,
                    "What the sweeper does at the end: `destroy` (the default), or `review` to only report it.",
                ),
            ),
            (
                "id",
                attribute(
                    Text,
                    Computed,
                    "The id of this generation of the environment, the key of its record in the ledger.",
                ),
            ),
            (
                "generation",
                attribute(
                    Number,
                    Computed,
                    "Which life of the name this is, from 1. A sweeper destroys no other.",
                ),
            ),
            (
                "created_at",
                attribute(
                    Text,
                    Computed,
                    "When it was created, RFC 3339, by the ledger's clock.",
                ),
            ),
            (
                "expires_at",
                attribute(
                    Text,
                    Computed,
                    "When it expires, RFC 3339. Extensions granted outside Terraform move it without a diff.",
                ),
            ),
            (
                "hard_expires_at",
                attribute(Text, Computed, "The end no renewal passes, RFC 3339."),
            ),
            (
                "phase",
                attribute(
                    Text,
                    Computed,
                    "Where it is in its life, as far as the ledger alone can tell: `provisioning`, `ready`, `expiring`, \
                     `expired`, `held`, …",
                ),
            ),
            (
                "running",
                attribute(
                    Bool,
                    Computed,
                    "Whether it should run. Gate on it what may sleep: `count = ephemeral_environment.this.running ? 1 : 0`.",
                ),
            ),
            (
                "state_address",
                attribute(Text, Computed, "Where its state is, without secrets."),
            ),
            (
                "configuration",
                attribute(
                    Text,
                    Computed,
                    "A digest of the configuration that was last kept for the destroy. A changed configuration is kept \
                     anew by the next apply, with the protections it holds.",
                ),
            ),
            (
                "default_tags",
                attribute(
                    string_map(),
                    Computed,
                    "The standard tags that configuration alone determines, and `tags`. Known in the first plan, so it is \
                     safe in another provider's `default_tags`.",
                ),
            ),
            (
                "tags_all",
                attribute(
                    string_map(),
                    Computed,
                    "`default_tags`, and the creation time and the id.",
                ),
            ),
        ],
    )
}
