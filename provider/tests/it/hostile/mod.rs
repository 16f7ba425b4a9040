//! The protocol against a hostile or merely unlucky client: damaged bytes, wrong types, gaps where values should be, huge
//! states, a thousand calls at once. No panic, no hang, and no state lost. In process, and where the way there matters,
//! over the socket of the real executable.

#[path = "../../../../crates/plugin/tests/it/everywhere/mod.rs"]
#[expect(unreachable_pub, reason = "shared with the fuzz target")]
pub(crate) mod everywhere;

mod anything;
mod arguments;
mod crowd;
mod damage;
mod gaps;
mod size;
mod types;

use serde_json::{Value as Json, json};

use crate::environment::{self, ENVIRONMENT};
use crate::lease::{self, LEASE};

/// A configuration of each resource in which everything that can be set is set.
fn whole(type_name: &str) -> Json {
    match type_name {
        ENVIRONMENT => environment::whole(),
        _ => lease::whole(),
    }
}

/// A configuration of the provider in which everything that can be set is set, but for what opens something: the ledger
/// and a token.
fn whole_provider() -> Json {
    json!({
        "ledger": null, "run_token": null,
        "default_owner": "ana", "default_team": "checkout", "default_project": "shop",
        "required_tags": ["stage"], "tag_prefix": "eph-", "tag_rules": ["aws", "gcp"],
        "default_lifetime": lifetime(), "max_lifetime": lifetime(),
        "identity": {
            "audience": "the ledger", "issuers": ["https://gitlab.com"], "token_file": "no-such-file",
            "token_variable": "NO_SUCH_TOKEN", "required": false,
        },
    })
}

fn lifetime() -> Json {
    json!({"ttl": "24h", "max": "72h", "idle": "8h", "hibernate_after": "4h", "grace": "30m"})
}

/// Configurations of all data sources in which everything that can be set together is set.
fn whole_data() -> Vec<(&'static str, Json)> {
    vec![
        (
            "ephemeral_environment",
            json!({"name": "pr-128", "generation": 1}),
        ),
        (
            "ephemeral_environment",
            json!({"id": "env-0190163d8694739bac4a5eb0f4a0b2c1"}),
        ),
        (
            "ephemeral_environments",
            json!({
                "owner": "ana", "team": "checkout", "project": "shop", "phases": ["expired", "held"],
                "tags": {"stage": "preview"}, "allow_unreadable": true,
                "pull_request": {"forge": "github", "repository": "acme/shop", "number": 128},
            }),
        ),
        (
            "ephemeral_lease",
            json!({"environment": "pr-128", "holder": "ana", "target": "vpn"}),
        ),
        (
            "ephemeral_lease",
            json!({"id": "lease-0190163d8694739bac4a5eb0f4a0b2c1"}),
        ),
    ]
}

/// Configurations of all ephemeral resources in which everything that can be set is set.
fn whole_ephemerals() -> Vec<(&'static str, Json)> {
    vec![(
        LEASE,
        json!({"environment": "pr-128", "ttl": "1h", "labels": {"step": "deploy"}}),
    )]
}

/// Filters of all lists in which everything that can be set is set.
fn whole_lists() -> Vec<(&'static str, Json)> {
    vec![
        (
            ENVIRONMENT,
            json!({"owner": "ana", "team": "checkout", "phase": "expired", "name_prefix": "pr-"}),
        ),
        (
            LEASE,
            json!({"holder": "ana", "environment": "pr-128", "active": true}),
        ),
    ]
}

/// Arguments of all actions in which everything that can be set together is set.
fn whole_actions() -> Vec<(&'static str, Json)> {
    let until = "2999-03-01T18:00:00Z";
    vec![
        (
            "ephemeral_environment_extend",
            json!({"environment": "pr-128", "by": "1h", "reason": "demo"}),
        ),
        (
            "ephemeral_environment_extend",
            json!({"environment": "pr-128", "until": until, "reason": "demo"}),
        ),
        (
            "ephemeral_environment_hold",
            json!({"environment": "pr-128", "until": until, "reason": "demo"}),
        ),
        (
            "ttl_lease_extend",
            json!({"lease": "lease-0190163d8694739bac4a5eb0f4a0b2c1", "by": "1h", "reason": "demo"}),
        ),
        (
            "ttl_lease_extend",
            json!({
                "lease": "lease-0190163d8694739bac4a5eb0f4a0b2c1", "until": until, "reason": "demo",
            }),
        ),
    ]
}
