//! The port by which a sweep is heard while it works. The rooms that act print nothing: the caller listens.
//!
//! Knows plans and outcomes, and no screen.

use ledger::{
    environment::TeardownStep,
    plan::{Item, SweepPlan},
};

use crate::{failure::Failure, outcome::Outcome};

/// Hears what a sweep does and finds.
pub trait Reporter: Send + Sync {
    /// This is about to be done, and no person has seen it. The last moment before anything is begun.
    ///
    /// # Errors
    /// If it must not go on: nothing is begun then.
    fn planned(&self, plan: &SweepPlan) -> Result<(), Failure>;

    /// The work on `item` begins.
    fn begun(&self, item: &Item);

    /// A step of it begins.
    fn step(&self, item: &Item, step: TeardownStep);

    /// `done` of `total` objects are destroyed; the last was `address`.
    fn destroyed(&self, item: &Item, address: &str, done: u64, total: u64);

    /// It is over.
    fn ended(&self, item: &Item, outcome: &Outcome);

    /// Something a person should not miss, and that does not stop the sweep.
    fn warning(&self, text: &str);
}

/// Keeps a line of everything it hears, for tests.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Recording(std::sync::Mutex<Vec<String>>);

#[cfg(test)]
impl Recording {
    /// What was heard, in order.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.lock().expect("not poisoned").clone()
    }

    fn add(&self, line: String) {
        self.0.lock().expect("not poisoned").push(line);
    }
}

#[cfg(test)]
impl Reporter for Recording {
    fn planned(&self, plan: &SweepPlan) -> Result<(), Failure> {
        self.add(format!("planned {}", plan.actions().count()));
        Ok(())
    }

    fn begun(&self, item: &Item) {
        self.add(format!("begun {}", item.name));
    }

    fn step(&self, item: &Item, step: TeardownStep) {
        self.add(format!("step {} {}", item.name, step.as_str()));
    }

    fn destroyed(&self, item: &Item, address: &str, done: u64, total: u64) {
        self.add(format!("destroyed {} {address} {done}/{total}", item.name));
    }

    fn ended(&self, item: &Item, outcome: &Outcome) {
        self.add(format!("ended {} {}", item.name, outcome.as_str()));
    }

    fn warning(&self, text: &str) {
        self.add(format!("warning {text}"));
    }
}
