//! What a run leaves undone, and so how it ends: once, for `plan` and for `apply`. Pure; knows plans and results.

use ledger::{
    judge::{Rule, Verdict},
    plan::{Item, Mode, SweepPlan},
};

use crate::{
    exit::ExitStatus,
    outcome::{Outcome, Result},
};

/// What is still to be done about what a plan saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining<'a> {
    /// Due, and not destroyed by this run.
    pub due: Vec<&'a Item>,
    /// Failed before, and the next try is not due: it stays to be done, and is never a clean end.
    pub waiting: Vec<&'a Item>,
    /// For a person to look at: no sweep ever ends it. What could not be seen is not among it: it may be seen next time,
    /// and the run is blind until then.
    pub review: Vec<&'a Item>,
}

impl<'a> Remaining<'a> {
    /// What is left of `seen`, which was made just before `results` came to be.
    #[must_use]
    pub fn of(seen: &'a SweepPlan, results: &[Result]) -> Self {
        let destroyed = |item: &Item| {
            results
                .iter()
                .any(|result| result.id == item.id && is_destroyed(result))
        };
        let those = |wanted: fn(&Item) -> bool| {
            seen.items
                .iter()
                .filter(|item| wanted(item) && !destroyed(item))
                .collect()
        };
        Self {
            due: those(|item| item.decision.verdict == Verdict::Destroy),
            waiting: those(|item| {
                (item.decision.verdict, item.decision.rule) == (Verdict::Keep, Rule::Retry)
            }),
            review: those(|item| item.decision.verdict == Verdict::Review && item.unseen.is_none()),
        }
    }

    /// All of it, what a sweep would take first at the front.
    pub fn all(&self) -> impl Iterator<Item = &'a Item> {
        self.due
            .iter()
            .chain(&self.waiting)
            .chain(&self.review)
            .copied()
    }
}

/// How a run that only looked ends. What stops outranks what is not seen, and that outranks what is left.
#[must_use]
pub fn after_looking(plan: &SweepPlan) -> ExitStatus {
    if plan.mode == Mode::Braked {
        ExitStatus::Brake
    } else if plan.is_blind() {
        ExitStatus::Blind
    } else if Remaining::of(plan, &[]).all().next().is_some() {
        ExitStatus::Due
    } else {
        ExitStatus::Clean
    }
}

/// How a sweep ends that saw `seen` and did `results`, of a saved plan or of `seen` itself.
///
/// What the next sweep takes up is [`ExitStatus::Due`], which a schedule may pass over. What no sweep ever ends is
/// [`ExitStatus::Failed`], or no person would hear of it.
#[must_use]
pub fn after_sweeping(seen: &SweepPlan, results: &[Result]) -> ExitStatus {
    let left = Remaining::of(seen, results);
    if !results.iter().all(is_destroyed) || !left.review.is_empty() {
        ExitStatus::Failed
    } else if seen.is_blind() {
        ExitStatus::Blind
    } else if left.all().next().is_some() {
        ExitStatus::Due
    } else {
        ExitStatus::Clean
    }
}

fn is_destroyed(result: &Result) -> bool {
    matches!(result.outcome, Outcome::Destroyed(_))
}

#[cfg(test)]
mod tests;
