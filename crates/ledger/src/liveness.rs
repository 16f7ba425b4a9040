//! What the runs of a ledger say of one environment: whether one is at work on it, and when one last was. Pure.
//!
//! A missed renewal is evidence, with its time. A closed lease is none, of life or of death; it only shows that someone
//! was at work until then. A run that cannot be read may be the one that counts.

use std::collections::HashSet;

use crate::{
    clock::Timestamp,
    environment::Environment,
    fact::{Cause, Fact, Observed, RunFact},
    id::RunId,
    run::{Life, Run, RunEnd},
};

/// Every run that may still tell something, and what could not be read of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Runs {
    /// What was read.
    pub runs: Vec<Run>,
    /// What is there and could not be read.
    pub unreadable: Vec<(String, Cause)>,
}

/// Whether `run` is at work on `environment`: it names it, or works on its state. A run of a sweeper's own destroy is at
/// work on nothing.
///
/// Equal addresses count even where equality proves nothing (`http`, `pg`): the mistake then is to keep.
#[must_use]
pub fn concerns(run: &Run, environment: &Environment) -> bool {
    if run.fence.is_some() {
        return false;
    }
    let named = run.environment.as_deref().is_some_and(|named| {
        named == environment.id.as_str() || named == environment.name.as_str()
    });
    named || (run.state.is_some() && run.state == environment.state)
}

impl Runs {
    /// The runs at work on `environment`.
    pub fn of<'a>(&'a self, environment: &'a Environment) -> impl Iterator<Item = &'a Run> {
        self.runs
            .iter()
            .filter(move |run| concerns(run, environment))
    }

    /// The run that keeps `environment` longest, if one is alive at `now`.
    #[must_use]
    pub fn alive<'a>(&'a self, environment: &'a Environment, now: Timestamp) -> Option<&'a Run> {
        self.of(environment)
            .filter(|run| matches!(run.life(now), Life::Alive { .. }))
            .max_by_key(|run| (run.alive_until(), &run.id))
    }

    /// The fact of a run: an alive one, or else the last one if it died. `Absent` if no run is known or the last one was
    /// closed.
    #[must_use]
    pub fn run_fact(&self, environment: &Environment, now: Timestamp) -> Fact<RunFact> {
        let fact = |run: &Run| RunFact {
            run: run.id.to_string(),
            renewed_at: run.renewed_at,
            alive_until: run.alive_until(),
        };
        if let Some(alive) = self.alive(environment, now) {
            return Fact::known(fact(alive), "the ledger", now);
        }
        if let Some(blind) = self.blind(now) {
            return blind;
        }
        match self
            .of(environment)
            .max_by_key(|run| (run.last_sign(), &run.id))
        {
            Some(last) if matches!(last.life(now), Life::Dead { .. }) => {
                Fact::known(fact(last), "the ledger", now)
            }
            Some(last) => Fact::absent(
                format!("the ledger; the last run was {} and was closed", last.id),
                now,
            ),
            None => Fact::absent("the ledger", now),
        }
    }

    /// The fact of use, from runs alone: when one was last at work. It is never complete, because people use an environment
    /// without Terraform: it says that something was used, and never that something was not.
    #[must_use]
    pub fn activity(&self, environment: &Environment, now: Timestamp) -> Fact<Timestamp> {
        if let Some(blind) = self.blind(now) {
            return blind;
        }
        let last = self.of(environment).map(Run::last_sign).max();
        last.map_or_else(
            || Fact::absent("nothing measures use", now),
            |used| Fact {
                answer: Observed::Known(used),
                source: "the runs of Terraform, and nothing else measures use".to_owned(),
                at: now,
                complete: false,
            },
        )
    }

    fn blind<T>(&self, now: Timestamp) -> Option<Fact<T>> {
        let (subject, cause) = self.unreadable.first()?;
        let more = match self.unreadable.len() {
            1 => String::new(),
            number => format!(", and {} more", number - 1),
        };
        let cause = format!("the run {subject} cannot be read{more}: {cause}");
        Some(Fact::unreadable(cause, "the ledger", now))
    }

    /// The runs whose death is to be noted at `now`: as each is to be written.
    #[must_use]
    pub fn deaths(&self, now: Timestamp) -> Vec<Run> {
        let open = self.runs.iter().filter(|run| run.end.is_none());
        open.filter_map(|run| match run.life(now) {
            Life::Dead { since } => Some(Run {
                end: Some(RunEnd::Died {
                    at: since,
                    noted_at: now,
                }),
                ..run.clone()
            }),
            Life::Alive { .. } | Life::Closed { .. } => None,
        })
        .collect()
    }

    /// The ended runs that tell nothing more: one that ended later was at work on the same place, or it was a sweeper's own.
    #[must_use]
    pub fn superseded(&self) -> Vec<&RunId> {
        let mut ended: Vec<&Run> = self.runs.iter().filter(|run| run.end.is_some()).collect();
        ended.sort_by(|left, right| {
            (right.last_sign(), &right.id).cmp(&(left.last_sign(), &left.id))
        });
        let mut places = HashSet::new();
        ended
            .into_iter()
            .filter(|run| run.fence.is_some() || !places.insert((&run.environment, &run.state)))
            .map(|run| &run.id)
            .collect()
    }
}
