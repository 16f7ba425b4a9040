//! Builders of whole sweeps: what a plan is made from.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use ledger::{
    book::contract::sample,
    brake::{BrakeKind, Guards},
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Facts},
    id::{EnvironmentId, Revision, ScopeName},
    judge::Policy,
    plan::{Candidate, SweepInput, SweepPlan, plan_sweep},
    scope::Scope,
};

use super::{Told, environment, facts, hour};

/// When these sweeps are planned, by the ledger's clock.
pub(crate) fn now() -> Timestamp {
    hour(100)
}

/// `environment` with nothing out of the ordinary seen of it.
pub(crate) fn ordinary(environment: Environment) -> Candidate {
    let facts = facts(&environment);
    seen(environment, facts)
}

pub(crate) fn seen(environment: Environment, facts: Facts) -> Candidate {
    Candidate {
        environment,
        revision: Revision(1),
        facts,
    }
}

/// Expired `age` hours ago, and its grace is over.
pub(crate) fn due(name: &str, age: i64) -> Environment {
    environment(name)
        .ttl("1h")
        .grace("1h")
        .created(now() - TimeDelta::hours(age + 1))
}

/// `count` of them, `prefix-1` the oldest.
pub(crate) fn many_due(prefix: &str, count: i64) -> Vec<Candidate> {
    (1..=count)
        .map(|place| ordinary(due(&format!("{prefix}-{place}"), 90 - place)))
        .collect()
}

pub(crate) fn many_alive(prefix: &str, count: i64) -> Vec<Candidate> {
    (1..=count)
        .map(|place| ordinary(environment(&format!("{prefix}-{place}")).created(now())))
        .collect()
}

/// A sweep of `candidates` in a scope that was swept before, where nothing was due then.
pub(crate) fn sweep(candidates: Vec<Candidate>) -> SweepInput {
    SweepInput {
        ledger: "sqlite:///srv/ledger.db".to_owned(),
        scope: ScopeName::parse("default").expect("right"),
        memory: Some(sample::scope("default")),
        candidates,
        unreadable: vec![],
        host_now: now(),
        guards: Guards::default(),
        released: BTreeSet::new(),
        policy: Policy::default(),
    }
}

/// What can be said of a sweep.
pub(crate) trait Swept: Sized {
    /// In a scope that was never swept.
    fn for_the_first_time(self) -> Self;
    /// All of it was due at the last sweep already.
    fn known_before(self) -> Self;
    fn rate(self, rate: u32) -> Self;
    /// The host's clock is so far ahead.
    fn host_ahead(self, by: TimeDelta) -> Self;
    fn release(self, kind: BrakeKind) -> Self;
    fn unreadable(self, subject: &str) -> Self;
    fn planned(&self) -> SweepPlan;
}

impl Swept for SweepInput {
    fn for_the_first_time(mut self) -> Self {
        self.memory = None;
        self
    }

    fn known_before(mut self) -> Self {
        let ids: BTreeSet<EnvironmentId> = self
            .candidates
            .iter()
            .map(|candidate| candidate.environment.id.clone())
            .collect();
        self.memory = Some(Scope {
            last_due: ids,
            ..sample::scope("default")
        });
        self
    }

    fn rate(mut self, rate: u32) -> Self {
        self.guards.rate = rate;
        self
    }

    fn host_ahead(mut self, by: TimeDelta) -> Self {
        self.host_now = now() + by;
        self
    }

    fn release(mut self, kind: BrakeKind) -> Self {
        self.released.insert(kind);
        self
    }

    fn unreadable(mut self, subject: &str) -> Self {
        let cause = Cause("the record has version 9".to_owned());
        self.unreadable.push((subject.to_owned(), cause));
        self
    }

    fn planned(&self) -> SweepPlan {
        plan_sweep(self, now())
    }
}

/// The names of what will be destroyed, in order.
pub(crate) fn destroyed_names(plan: &SweepPlan) -> Vec<&str> {
    plan.actions().map(|(item, _)| item.name.as_str()).collect()
}

/// The names of what is due and waits, with the reason.
pub(crate) fn deferred(plan: &SweepPlan) -> Vec<(&str, &str)> {
    plan.items
        .iter()
        .filter_map(|item| match &item.disposition {
            ledger::plan::Disposition::Deferred(because) => {
                Some((item.name.as_str(), because.as_str()))
            }
            _ => None,
        })
        .collect()
}
