//! The documents: what one command prints with `--json`.

use serde::Serialize;

use super::{
    EventJson, UnreadableJson,
    decision::{DecisionJson, FactsJson},
    environment::EnvironmentJson,
    lease::LeaseJson,
    run::RunJson,
};

/// `list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListJson {
    /// What was listed, by expiry. Empty where leases or runs were asked for.
    pub environments: Vec<EnvironmentJson>,
    /// What was listed, by expiry. Empty where environments or runs were asked for.
    pub leases: Vec<LeaseJson>,
    /// The runs that are alive and at work on what was listed; where runs were asked for, those, the latest first. Empty
    /// where leases were asked for.
    pub runs: Vec<RunJson>,
    /// Records that are there and could not be read.
    pub unreadable: Vec<UnreadableJson>,
}

/// `show`. One of `environment`, `lease` and `run` is there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordJson {
    /// The environment.
    pub environment: Option<EnvironmentJson>,
    /// The lease.
    pub lease: Option<LeaseJson>,
    /// The run of Terraform. It is there only where one was asked for.
    pub run: Option<RunJson>,
    /// The runs at work on the environment, and the last that ended, latest first.
    pub runs: Vec<RunJson>,
    /// Its last events, oldest first.
    pub events: Vec<EventJson>,
}

/// `extend`, `hold`, `unhold` and `release`. One of `environment` and `lease` is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeJson {
    /// Whether this command changed it, or found it so.
    pub changed: bool,
    /// The environment, as it is now.
    pub environment: Option<EnvironmentJson>,
    /// The lease, as it is now.
    pub lease: Option<LeaseJson>,
}

/// `explain`. One of `environment` and `lease` is there; a lease has no facts and no decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainJson {
    /// The environment.
    pub environment: Option<EnvironmentJson>,
    /// The lease.
    pub lease: Option<LeaseJson>,
    /// The runs at work on the environment, and the last that ended, latest first.
    pub runs: Vec<RunJson>,
    /// What was observed just now.
    pub facts: Option<FactsJson>,
    /// What follows from it.
    pub decision: Option<DecisionJson>,
    /// Every event, oldest first.
    pub events: Vec<EventJson>,
    /// Whether they can be trusted.
    pub chain: ChainJson,
}

/// `audit verify`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditJson {
    /// What was checked.
    pub chain: ChainJson,
    /// The last event of each chain: kept elsewhere, they show later whether an end was cut off.
    pub heads: Vec<HeadJson>,
    /// Records that could not be read, whose events were checked all the same.
    pub unreadable: Vec<UnreadableJson>,
}

/// What checking chains of events showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainJson {
    /// How many chains were checked.
    pub chains: u64,
    /// How many events are in them.
    pub events: u64,
    /// Whether nothing is broken.
    pub whole: bool,
    /// Everything that is broken.
    pub broken: Vec<BrokenJson>,
}

/// The last event of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadJson {
    /// Whose chain.
    pub subject: String,
    /// Its place, from 1.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrokenJson {
    /// Whose chain.
    pub subject: String,
    /// What is wrong.
    pub found: String,
}
