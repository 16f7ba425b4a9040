//! Phase: where an environment is in its life. Derived, never stored.

use std::fmt;

use crate::{
    clock::{Timestamp, after},
    environment::{Environment, Lifecycle},
    fact::Facts,
};

/// Why nothing can be looked for by a phase.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhaseError {
    /// There is no such phase.
    #[error("`{0}` is no phase; expected one of {all}", all = words())]
    Unknown(String),
    /// It follows from use, which no record holds.
    #[error(
        "`{0}` follows from when the environment was last used, which its record does not hold, so nothing would ever \
         be found; look for `ready`, or leave the phase out"
    )]
    OfUse(Phase),
    /// Its life is over, and only the living are looked through.
    #[error(
        "`{0}` is the end of a life, and only what lives is listed; the data source `ephemeral_environments` finds those \
         that have ended"
    )]
    Ended(Phase),
}

/// The phases to look for, as a list in a sentence.
fn words() -> String {
    let phases = Phase::ALL.into_iter().filter(|phase| !phase.is_of_use());
    let phases: Vec<String> = phases.map(|phase| format!("`{phase}`")).collect();
    phases.join(", ")
}

/// Where an environment is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Recorded, but where its state is could not be found out yet.
    Requested,
    /// Its state is known; no sweep has seen its marker there yet.
    Provisioning,
    /// Seen in its state.
    Ready,
    /// Used or renewed within `hibernate_after`.
    Active,
    /// Neither used nor renewed for `hibernate_after` or longer.
    Idle,
    /// Told not to run.
    Hibernated,
    /// Past expiry, within grace.
    Expiring,
    /// Past grace.
    Expired,
    /// A sweeper is at work on it.
    Destroying,
    /// A teardown failed and will be tried again.
    Stuck,
    /// Gone, with proof.
    Destroyed,
    /// Given back.
    Released,
    /// A person holds it.
    Held,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 13] = [
        Self::Requested,
        Self::Provisioning,
        Self::Ready,
        Self::Active,
        Self::Idle,
        Self::Hibernated,
        Self::Expiring,
        Self::Expired,
        Self::Destroying,
        Self::Stuck,
        Self::Destroyed,
        Self::Released,
        Self::Held,
    ];

    /// Whether facts about use tell it, and no record alone does.
    fn is_of_use(self) -> bool {
        matches!(self, Self::Active | Self::Idle)
    }

    /// Reads a phase to look for where only records are seen.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn parse_of_records(text: &str) -> Result<Self, PhaseError> {
        let phase = Self::parse(text).ok_or_else(|| PhaseError::Unknown(text.to_owned()))?;
        if phase.is_of_use() {
            Err(PhaseError::OfUse(phase))
        } else {
            Ok(phase)
        }
    }

    /// Reads a phase to look for among the records of what lives.
    ///
    /// # Errors
    /// [`PhaseError`].
    pub fn parse_of_living(text: &str) -> Result<Self, PhaseError> {
        match Self::parse_of_records(text)? {
            ended @ (Self::Destroyed | Self::Released) => Err(PhaseError::Ended(ended)),
            living => Ok(living),
        }
    }

    /// Reads what [`Self::as_str`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == text)
    }

    /// The word used in Terraform state and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Provisioning => "provisioning",
            Self::Ready => "ready",
            Self::Active => "active",
            Self::Idle => "idle",
            Self::Hibernated => "hibernated",
            Self::Expiring => "expiring",
            Self::Expired => "expired",
            Self::Destroying => "destroying",
            Self::Stuck => "stuck",
            Self::Destroyed => "destroyed",
            Self::Released => "released",
            Self::Held => "held",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The phase of `environment` at `now`. `facts` is `None` where none were looked for, as in a Terraform refresh.
///
/// An end outranks a hold, a hold outranks a teardown that has not ended, and time outranks use.
#[must_use]
pub fn phase(environment: &Environment, facts: Option<&Facts>, now: Timestamp) -> Phase {
    match &environment.lifecycle {
        Lifecycle::Destroyed { .. } => return Phase::Destroyed,
        Lifecycle::Released { .. } => return Phase::Released,
        Lifecycle::Living | Lifecycle::Destroying(_) | Lifecycle::Stuck(_) => {}
    }
    if environment
        .hold
        .as_ref()
        .is_some_and(|hold| hold.holds(now))
    {
        return Phase::Held;
    }
    match &environment.lifecycle {
        Lifecycle::Destroying(_) => return Phase::Destroying,
        Lifecycle::Stuck(_) => return Phase::Stuck,
        Lifecycle::Living | Lifecycle::Destroyed { .. } | Lifecycle::Released { .. } => {}
    }
    if environment.due_at() <= now {
        return Phase::Expired;
    }
    if environment.expires_at() <= now {
        return Phase::Expiring;
    }
    if !environment.running {
        return Phase::Hibernated;
    }
    match facts.and_then(|facts| facts.activity.seen()) {
        Some(&used) => {
            let wanted = environment.last_wanted(used);
            let idle = after(wanted, environment.lifetime.hibernate_after.delta());
            if idle <= now {
                Phase::Idle
            } else {
                Phase::Active
            }
        }
        None if environment.marker_seen_at.is_some() => Phase::Ready,
        None if environment.state.is_none() => Phase::Requested,
        None => Phase::Provisioning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_never_be_found_is_refused_with_why_and_everything_else_is_not() {
        for phase in Phase::ALL {
            let found = Phase::parse_of_records(phase.as_str());
            let expected = match phase {
                Phase::Active | Phase::Idle => Err(PhaseError::OfUse(phase)),
                other => Ok(other),
            };
            assert_eq!(found, expected, "{phase}");
            let living = match phase {
                Phase::Destroyed | Phase::Released => Err(PhaseError::Ended(phase)),
                _ => expected,
            };
            assert_eq!(Phase::parse_of_living(phase.as_str()), living, "{phase}");
        }
        let wrong = Phase::parse_of_records("tired").expect_err("no phase");
        let said = wrong.to_string();
        assert!(said.starts_with("`tired` is no phase; expected one of `requested`, "));
        assert!(!said.contains("`idle`"), "{said}");
    }
}
