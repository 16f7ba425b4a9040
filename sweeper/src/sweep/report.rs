//! What a cycle saw, did and left. A command prints it, a server serves it.

use ledger::{
    book::{BookError, Reading},
    plan::SweepPlan,
    stored::plan::digest,
};

use super::{
    exit_summary::{Remaining, after_looking, after_sweeping},
    plan::Made,
};
use crate::{exit::ExitStatus, outcome::Result as Ended};

/// The answer of a cycle.
#[derive(Debug)]
#[must_use = "a sweep that is not reported cannot be audited"]
pub struct SweepReport {
    /// Which ledger was read, and when.
    pub reading: Reading,
    /// Everything that was seen and decided now.
    pub seen: SweepPlan,
    /// The digest of the plan that was done: a saved one, or that of `seen`.
    pub digest: String,
    /// Whether anything could be begun; else it was only looked.
    pub acted: bool,
    /// What became of each planned action, in the order of the plan.
    pub results: Vec<Ended>,
    /// Whether the scope remembers this sweep. What was done is told all the same.
    pub remembered: Result<(), BookError>,
}

impl SweepReport {
    /// Of a cycle that began nothing.
    pub(super) fn looked(made: Made) -> Self {
        Self {
            digest: digest(&made.plan),
            reading: made.reading,
            seen: made.plan,
            acted: false,
            results: Vec::new(),
            remembered: Ok(()),
        }
    }

    /// What is still to be done.
    #[must_use]
    pub fn remaining(&self) -> Remaining<'_> {
        Remaining::of(&self.seen, &self.results)
    }

    /// How a process ends that did nothing else.
    #[must_use]
    pub fn status(&self) -> ExitStatus {
        if self.acted {
            after_sweeping(&self.seen, &self.results)
        } else {
            after_looking(&self.seen)
        }
    }
}
