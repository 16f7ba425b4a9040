//! What a sweep did and left, in JSON: one shape, whether it acted, was the first of its scope, or was stopped.

use ledger::{
    brake::Brake,
    plan::{Item, SweepPlan},
};
use serde::Serialize;

use super::{UnreadableJson, lifecycle::EvidenceJson};
use crate::{
    outcome::{Outcome, Result},
    sweep::report::SweepReport,
};

/// `apply`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SweepJson {
    /// For which scope.
    pub scope: String,
    /// `act`, `first-sweep` or `braked`; nothing is destroyed but by `act`.
    pub mode: &'static str,
    /// The digest of the plan that was done.
    pub plan: String,
    /// Brakes that stopped it, or would have.
    pub brakes: Vec<BrakeJson>,
    /// What became of each planned destroy, in the plan's order.
    pub results: Vec<ResultJson>,
    /// What is still to be done: due, then waiting for a retry, then to review.
    pub left: Vec<RemainingJson>,
    /// Environments of which something could not be seen.
    pub unseen: Vec<UnseenJson>,
    /// Records that are there and could not be read.
    pub unreadable: Vec<UnreadableJson>,
}

impl From<&SweepReport> for SweepJson {
    fn from(report: &SweepReport) -> Self {
        let seen = &report.seen;
        let brakes = seen.brakes.iter();
        Self {
            scope: seen.scope.to_string(),
            mode: seen.mode.as_str(),
            plan: report.digest.clone(),
            brakes: brakes.map(|brake| BrakeJson::of(brake, seen)).collect(),
            results: report.results.iter().map(ResultJson::from).collect(),
            left: report.remaining().all().map(RemainingJson::from).collect(),
            unseen: seen.items.iter().filter_map(UnseenJson::of).collect(),
            unreadable: seen.unreadable.iter().map(UnreadableJson::from).collect(),
        }
    }
}

/// A brake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BrakeJson {
    /// Which.
    pub kind: &'static str,
    /// Why.
    pub because: String,
    /// Whether a person released it.
    pub released: bool,
}

impl BrakeJson {
    fn of(brake: &Brake, seen: &SweepPlan) -> Self {
        Self {
            kind: brake.kind.as_str(),
            because: brake.because.clone(),
            released: seen.released.contains(&brake.kind) && brake.kind.may_be_released(),
        }
    }
}

/// What became of one planned destroy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResultJson {
    /// Which environment.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `destroyed`, `skipped` or `failed`.
    pub result: &'static str,
    /// Why it was skipped, or what failed.
    pub because: Option<String>,
    /// What a person can do about a failure.
    pub remedy: Option<String>,
    /// The proof that it is gone.
    pub evidence: Option<EvidenceJson>,
}

impl From<&Result> for ResultJson {
    fn from(result: &Result) -> Self {
        let (because, remedy, evidence) = match &result.outcome {
            Outcome::Destroyed(evidence) => (None, None, Some(evidence.into())),
            Outcome::Skipped(because) => (Some(because.clone()), None, None),
            Outcome::Failed { reason, remedy } => {
                (Some(reason.clone()), Some(remedy.clone()), None)
            }
        };
        Self {
            id: result.id.to_string(),
            name: result.name.to_string(),
            result: result.outcome.as_str(),
            because,
            remedy,
            evidence,
        }
    }
}

/// What is still to be done about one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RemainingJson {
    /// Which environment.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What should happen: `destroy`, `keep` until the next try, or `review`.
    pub verdict: &'static str,
    /// Which rule decided.
    pub rule: &'static str,
    /// Why.
    pub because: String,
}

impl From<&Item> for RemainingJson {
    fn from(item: &Item) -> Self {
        Self {
            id: item.id.to_string(),
            name: item.name.to_string(),
            verdict: item.decision.verdict.as_str(),
            rule: item.decision.rule.as_str(),
            because: item.decision.because.clone(),
        }
    }
}

/// An environment of which something could not be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnseenJson {
    /// Which environment.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Why not.
    pub because: String,
}

impl UnseenJson {
    fn of(item: &Item) -> Option<Self> {
        item.unseen.as_ref().map(|because| Self {
            id: item.id.to_string(),
            name: item.name.to_string(),
            because: because.clone(),
        })
    }
}
