//! A decision with its derivation, and the facts it follows from, in JSON.

use ledger::{
    clock::Timestamp,
    fact::{Fact, Facts, Observed, RequestFact, RunFact, StateFact},
    judge::Decision,
};
use serde::Serialize;

use super::instant;

/// What should happen, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionJson {
    /// What should happen.
    pub verdict: &'static str,
    /// Which rule decided.
    pub rule: &'static str,
    /// Why, in one sentence.
    pub because: String,
    /// What every rule said, up to the one that decided.
    pub derivation: Vec<FindingJson>,
}

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingJson {
    /// Which rule.
    pub rule: &'static str,
    /// Its verdict; `null` if it passed the question on.
    pub verdict: Option<&'static str>,
    /// Why.
    pub because: String,
}

impl From<&Decision> for DecisionJson {
    fn from(decision: &Decision) -> Self {
        Self {
            verdict: decision.verdict.as_str(),
            rule: decision.rule.as_str(),
            because: decision.because.clone(),
            derivation: decision
                .derivation
                .iter()
                .map(|finding| FindingJson {
                    rule: finding.rule.as_str(),
                    verdict: finding.verdict.map(ledger::judge::Verdict::as_str),
                    because: finding.because.clone(),
                })
                .collect(),
        }
    }
}

/// What was looked at, what was seen, when, and whether the look was whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactJson<T> {
    /// `known`, `absent` or `unreadable`.
    pub answer: &'static str,
    /// What was seen, if it is known.
    pub value: Option<T>,
    /// The cause, if it is unreadable.
    pub cause: Option<String>,
    /// Who was asked.
    pub source: String,
    /// When.
    pub at: String,
    /// Whether the listing it came from was complete.
    pub complete: bool,
}

impl<T> FactJson<T> {
    fn of<F>(fact: &Fact<F>, known: impl Fn(&F) -> T) -> Self {
        let (answer, value, cause) = match &fact.answer {
            Observed::Known(value) => ("known", Some(known(value)), None),
            Observed::Absent => ("absent", None, None),
            Observed::Unreadable(cause) => ("unreadable", None, Some(cause.to_string())),
        };
        Self {
            answer,
            value,
            cause,
            source: fact.source.clone(),
            at: instant(fact.at),
            complete: fact.complete,
        }
    }
}

/// All facts about one environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactsJson {
    /// Its state.
    pub state: FactJson<StateFactJson>,
    /// Its change request.
    pub change_request: FactJson<RequestFactJson>,
    /// A live run.
    pub run: FactJson<RunFactJson>,
    /// The last use.
    pub activity: FactJson<String>,
}

impl From<&Facts> for FactsJson {
    fn from(facts: &Facts) -> Self {
        Self {
            state: FactJson::of(&facts.state, StateFactJson::of),
            change_request: FactJson::of(&facts.change_request, RequestFactJson::of),
            run: FactJson::of(&facts.run, RunFactJson::of),
            activity: FactJson::of(&facts.activity, |at: &Timestamp| instant(*at)),
        }
    }
}

/// What a native read of a state shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateFactJson {
    /// Its lineage.
    pub lineage: String,
    /// Its serial.
    pub serial: u64,
    /// Managed instances.
    pub instances: u64,
    /// The ids of the markers in it.
    pub markers: Vec<MarkerJson>,
    /// The lock, if it is held.
    pub lock: Option<LockJson>,
}

/// A marker in a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MarkerJson {
    /// The id it carries.
    pub id: String,
    /// The generation it carries.
    pub generation: u64,
}

/// The lock of a state is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockJson {
    /// Who.
    pub who: String,
    /// What they do.
    pub operation: String,
    /// Since when.
    pub since: Option<String>,
}

impl StateFactJson {
    fn of(fact: &StateFact) -> Self {
        Self {
            lineage: fact.lineage.clone(),
            serial: fact.serial,
            instances: fact.instances,
            markers: fact
                .markers
                .iter()
                .map(|marker| MarkerJson {
                    id: marker.id.to_string(),
                    generation: marker.generation.get(),
                })
                .collect(),
            lock: fact.lock.as_ref().map(|lock| LockJson {
                who: lock.who.clone(),
                operation: lock.operation.clone(),
                since: lock.since.map(instant),
            }),
        }
    }
}

/// What the forge says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestFactJson {
    /// `open`, `closed` or `merged`.
    pub status: &'static str,
    /// When it was closed or merged.
    pub closed_at: Option<String>,
}

impl RequestFactJson {
    fn of(fact: &RequestFact) -> Self {
        match fact {
            RequestFact::Open => Self {
                status: "open",
                closed_at: None,
            },
            RequestFact::Closed { at, merged } => Self {
                status: if *merged { "merged" } else { "closed" },
                closed_at: Some(instant(*at)),
            },
        }
    }
}

/// A run that holds a run lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunFactJson {
    /// Which run.
    pub run: String,
    /// Its last sign of life.
    pub renewed_at: String,
    /// Until when that counts.
    pub alive_until: String,
}

impl RunFactJson {
    fn of(fact: &RunFact) -> Self {
        Self {
            run: fact.run.clone(),
            renewed_at: instant(fact.renewed_at),
            alive_until: instant(fact.alive_until),
        }
    }
}
