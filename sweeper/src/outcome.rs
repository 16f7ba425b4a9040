//! What became of each planned action. Nothing leaves a sweep without one of these.

use ledger::{
    environment::Evidence,
    id::{EnvironmentId, EnvironmentName},
};

/// What became of one planned destroy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is gone, with proof.
    Destroyed(Evidence),
    /// Nothing was done, because something is not as it was planned: why.
    Skipped(String),
    /// It is in the stuck register, and will be tried again.
    Failed {
        /// What was found.
        reason: String,
        /// What a person can do.
        remedy: String,
    },
}

impl Outcome {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Destroyed(_) => "destroyed",
            Self::Skipped(_) => "skipped",
            Self::Failed { .. } => "failed",
        }
    }
}

/// How many of `results` ended as `word` says.
#[must_use]
pub fn count(results: &[Result], word: &str) -> usize {
    let ended = results.iter().map(|result| result.outcome.as_str());
    ended.filter(|ended| *ended == word).count()
}

/// The outcome of one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Result {
    /// Which.
    pub id: EnvironmentId,
    /// Its name.
    pub name: EnvironmentName,
    /// What became of it.
    pub outcome: Outcome,
}
