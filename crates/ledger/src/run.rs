//! A run: one life of Terraform, from the opening of its run lease to the last sign of it.
//!
//! The record only, and what it says by itself at an instant. Which environments it concerns is in
//! [`crate::liveness`]. It knows no process and no token, only the hash of one.

use std::collections::BTreeMap;

use crate::{
    clock::{Timestamp, after},
    id::{Fence, RunId},
    identity::Identity,
    state_address::StateAddress,
    ttl::Ttl,
};

mod token;

pub use token::{RunToken, RunTokenError, TOKEN_BYTES};

/// What is known of the end of a run lease, once it was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RunEnd {
    /// Terraform closed it: nothing needed it any more. It says nothing of the rest of the run.
    Closed {
        /// When.
        at: Timestamp,
    },
    /// Its renewal was missed for its whole ttl, and a sweep noted that. It is final.
    Died {
        /// When the last renewal ran out.
        at: Timestamp,
        /// When that was noted.
        noted_at: Timestamp,
    },
}

/// A run as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Unique for ever.
    pub id: RunId,
    /// The SHA-256 of its token, in hexadecimal. The token itself is recorded nowhere.
    pub token_sha256: String,
    /// The id or name of the environment it says it works on.
    pub environment: Option<String>,
    /// The state of the root module it runs in; `None` if that was not found out.
    pub state: Option<StateAddress>,
    /// What was started, for example `terraform apply`, if that is known.
    pub command: Option<String>,
    /// Who started it.
    pub opened_by: Identity,
    /// The host it runs on.
    pub host: String,
    /// The address of the CI job it is, for people.
    pub ci_job: Option<String>,
    /// Anything its configuration wanted remembered.
    pub labels: BTreeMap<String, String>,
    /// The claim of the sweeper that started it. Such a run is part of a teardown, and no reason to keep anything.
    pub fence: Option<Fence>,
    /// From one renewal to the instant at which a missed next one means death.
    pub ttl: Ttl,
    /// A whole second.
    pub opened_at: Timestamp,
    /// The last sign of life, a whole second; opening counts.
    pub renewed_at: Timestamp,
    /// When it was interrupted. From then on its token opens nothing; the run itself may be finishing.
    pub interrupted_at: Option<Timestamp>,
    /// The end of its lease, once written down.
    pub end: Option<RunEnd>,
    /// Whether a later run of the same place has ended too, so that this one tells nothing more. It is kept, and no longer
    /// looked at.
    pub superseded: bool,
}

/// What a run's record says at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Life {
    /// It gave a sign of life, and that still counts.
    Alive {
        /// Until when it counts.
        until: Timestamp,
    },
    /// Its lease was closed. Neither evidence of life nor of death; it was at work until then.
    Closed {
        /// When.
        at: Timestamp,
    },
    /// It missed its renewal for the whole ttl.
    Dead {
        /// Since when.
        since: Timestamp,
    },
}

impl Life {
    /// The word used in tables and documents.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Alive { .. } => "alive",
            Self::Closed { .. } => "closed",
            Self::Dead { .. } => "dead",
        }
    }
}

/// What a renewal would do to a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Renewal {
    /// It lives on: this is the record to write.
    Renewed(Box<Run>),
    /// Its end was written down, which no sign of life undoes.
    Over(RunEnd),
}

impl Run {
    /// Until when its last sign of life counts.
    #[must_use]
    pub fn alive_until(&self) -> Timestamp {
        after(self.renewed_at, self.ttl.delta())
    }

    /// Whether it lives at `now`, the ledger's clock. It is dead *at* the end of its ttl and not before.
    #[must_use]
    pub fn life(&self, now: Timestamp) -> Life {
        match self.end {
            Some(RunEnd::Closed { at }) => Life::Closed { at },
            Some(RunEnd::Died { at, .. }) => Life::Dead { since: at },
            None => {
                let until = self.alive_until();
                if now < until {
                    Life::Alive { until }
                } else {
                    Life::Dead { since: until }
                }
            }
        }
    }

    /// The last instant at which it certainly was at work.
    #[must_use]
    pub fn last_sign(&self) -> Timestamp {
        match self.end {
            Some(RunEnd::Closed { at }) => at.max(self.renewed_at),
            Some(RunEnd::Died { .. }) | None => self.renewed_at,
        }
    }

    /// Whether `token` opens anything at `now`: it is this run's, and the run lives and was not interrupted.
    #[must_use]
    pub fn admits(&self, token: &RunToken, now: Timestamp) -> bool {
        self.knows(token)
            && self.interrupted_at.is_none()
            && matches!(self.life(now), Life::Alive { .. })
    }

    /// Whether `token` was given to this run, alive or not.
    #[must_use]
    pub fn knows(&self, token: &RunToken) -> bool {
        token.run() == &self.id && token.sha256() == self.token_sha256
    }

    /// The run after a sign of life at `at`, a whole second. A late one revives it, as long as its death was not noted: a
    /// laptop that slept is not a job that was killed.
    #[must_use]
    pub fn renewed(&self, at: Timestamp) -> Renewal {
        match self.end {
            Some(end) => Renewal::Over(end),
            None => Renewal::Renewed(Box::new(Self {
                renewed_at: self.renewed_at.max(at),
                ..self.clone()
            })),
        }
    }
}
