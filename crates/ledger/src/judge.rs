//! The judge: what should happen to one environment, and why. Pure and total; `now` is an argument.
//!
//! The rules are asked in one written order, and the first that decides, decides:
//! over > hold > protection > opt-out > live run > retry > closed request > grace > expiry > idle > orphan > alive.
//! A switch that cannot be parsed protects. A fact that is not known, in a complete look, never destroys.

use std::fmt;

use chrono::TimeDelta;

use crate::{clock::Timestamp, environment::Environment, fact::Facts};

mod rules;

use rules::Answer::{Decides, Passes};
pub use rules::owns;

/// What should happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing.
    Keep,
    /// Nothing yet; its owner should hear of it.
    Warn,
    /// It should stop running.
    Hibernate,
    /// It should run again.
    Wake,
    /// It should be destroyed.
    Destroy,
    /// A person should look.
    Review,
    /// Nothing may happen.
    Hold,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 7] = [
        Self::Keep,
        Self::Warn,
        Self::Hibernate,
        Self::Wake,
        Self::Destroy,
        Self::Review,
        Self::Hold,
    ];

    /// The word used in plans and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Warn => "warn",
            Self::Hibernate => "hibernate",
            Self::Wake => "wake",
            Self::Destroy => "destroy",
            Self::Review => "review",
            Self::Hold => "hold",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The rules, in their order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Its life is over already.
    Over,
    /// A person holds it.
    Hold,
    /// Its configuration or a tag protects it.
    Protection,
    /// Its owner opted out.
    OptOut,
    /// A run is at work on it.
    LiveRun,
    /// A teardown failed, and the next pass is not due. Before everything that destroys, so that what keeps failing is
    /// tried at a falling rate, whatever made it due.
    Retry,
    /// Its change request was closed.
    ClosedRequest,
    /// It expired, and its grace runs.
    Grace,
    /// Its lifetime and its grace are over.
    Expiry,
    /// It was not used or renewed for long.
    Idle,
    /// The ledger and the state do not fit together.
    Orphan,
    /// None of the above: it lives.
    Alive,
}

impl Rule {
    /// Every rule, in the order in which they are asked.
    pub const PRECEDENCE: [Self; 12] = [
        Self::Over,
        Self::Hold,
        Self::Protection,
        Self::OptOut,
        Self::LiveRun,
        Self::Retry,
        Self::ClosedRequest,
        Self::Grace,
        Self::Expiry,
        Self::Idle,
        Self::Orphan,
        Self::Alive,
    ];

    /// The word used in plans and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Hold => "hold",
            Self::Protection => "protection",
            Self::OptOut => "opt-out",
            Self::LiveRun => "live-run",
            Self::Retry => "retry",
            Self::ClosedRequest => "closed-request",
            Self::Grace => "grace",
            Self::Expiry => "expiry",
            Self::Idle => "idle",
            Self::Orphan => "orphan",
            Self::Alive => "alive",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What one rule said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// Its verdict; `None` if it passed the question on.
    pub verdict: Option<Verdict>,
    /// Why.
    pub because: String,
}

/// What should happen, with the derivation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a decision that is not reported cannot be audited"]
pub struct Decision {
    /// What should happen.
    pub verdict: Verdict,
    /// Which rule decided.
    pub rule: Rule,
    /// Why, in one sentence.
    pub because: String,
    /// What every rule said, up to the one that decided.
    pub derivation: Vec<Finding>,
}

/// What the operator decided for all environments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long before expiry its owner should hear of it.
    pub warn_before: TimeDelta,
}

impl Default for Policy {
    /// Twelve hours.
    fn default() -> Self {
        Self {
            warn_before: TimeDelta::hours(12),
        }
    }
}

/// What should happen to `environment`.
pub fn judge(
    environment: &Environment,
    facts: &Facts,
    policy: &Policy,
    now: Timestamp,
) -> Decision {
    let mut derivation = Vec::new();
    for rule in Rule::PRECEDENCE {
        let answer = match rule {
            Rule::Over => rules::over(environment),
            Rule::Hold => rules::hold(environment, now),
            Rule::Protection => rules::protection(environment),
            Rule::OptOut => rules::opt_out(environment),
            Rule::LiveRun => rules::live_run(facts, now),
            Rule::Retry => rules::retry(environment, now),
            Rule::ClosedRequest => rules::closed_request(environment, facts),
            Rule::Grace => rules::grace(environment, now),
            Rule::Expiry => rules::expiry(environment, facts, now),
            Rule::Idle => rules::idle(environment, facts, now),
            Rule::Orphan => rules::orphan(environment, facts),
            Rule::Alive => rules::alive(environment, policy, now),
        };
        let (verdict, because) = match answer {
            Decides(verdict, because) => (Some(verdict), because),
            Passes(because) => (None, because),
        };
        derivation.push(Finding {
            rule,
            verdict,
            because: because.clone(),
        });
        if let Some(verdict) = verdict {
            return Decision {
                verdict,
                rule,
                because,
                derivation,
            };
        }
    }
    // `alive` always decides; should that ever change, nothing is destroyed.
    Decision {
        verdict: Verdict::Keep,
        rule: Rule::Alive,
        because: "no rule decided".to_owned(),
        derivation,
    }
}
