//! Which way to destroy a state. Pure: what is known and what failed before in, the next way out.
//!
//! In order: nothing to do; the state alone; the capsule, where the state alone does not say enough. Each with a
//! refresh first, and without one after a read failed. Never a target, never without the lock.

use std::fmt;

/// A way to destroy a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// Nothing is managed; terraform does not run.
    Empty,
    /// A root generated from the state.
    StateOnly {
        /// Whether every object is read before it is deleted.
        refresh: bool,
    },
    /// The captured configuration.
    Capsule {
        /// Whether every object is read before it is deleted.
        refresh: bool,
    },
}

/// The word in evidence and reports.
impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Empty => "empty",
            Self::StateOnly { refresh: true } => "state-only",
            Self::StateOnly { refresh: false } => "state-only, no refresh",
            Self::Capsule { refresh: true } => "capsule",
            Self::Capsule { refresh: false } => "capsule, no refresh",
        })
    }
}

impl Strategy {
    /// Whether every object is read before it is deleted.
    #[must_use]
    pub fn refreshes(self) -> bool {
        !matches!(
            self,
            Self::StateOnly { refresh: false } | Self::Capsule { refresh: false }
        )
    }
}

/// How a way failed before anything was deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setback {
    /// Planning failed while objects were read; without a refresh it may get through.
    Read,
    /// Something else that the same way would meet again.
    Other,
}

/// What the choice depends on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// Managed objects in the state, deposed ones included.
    pub managed: u64,
    /// What stands in the way of a root generated from the state; empty if nothing does.
    pub state_only_obstacles: &'a [String],
    /// What stands in the way of a replay; empty if nothing does.
    pub capsule_obstacles: &'a [String],
    /// Addresses with provisioners that run at destroy. Only the configuration holds them.
    pub destroy_provisioners: &'a [String],
    /// Whether an earlier pass failed at reading, so that a refresh would fail again.
    pub no_refresh: bool,
    /// What failed in this pass.
    pub setbacks: &'a [(Strategy, Setback)],
}

/// The next way to try.
///
/// # Errors
/// What stands in the way of each, where none is left.
pub fn choose(situation: &Situation<'_>) -> Result<Strategy, Vec<String>> {
    if situation.managed == 0 {
        return Ok(Strategy::Empty);
    }
    let mut ways: Vec<fn(bool) -> Strategy> = Vec::new();
    if situation.state_only_obstacles.is_empty() && situation.destroy_provisioners.is_empty() {
        ways.push(|refresh| Strategy::StateOnly { refresh });
    }
    if situation.capsule_obstacles.is_empty() {
        ways.push(|refresh| Strategy::Capsule { refresh });
    }
    let failed = |way: Strategy| situation.setbacks.iter().find(|(tried, _)| *tried == way);
    let next = ways.into_iter().find_map(|way| {
        let read_failed = matches!(failed(way(true)), Some((_, Setback::Read)));
        let refreshed = (!situation.no_refresh && failed(way(true)).is_none()).then(|| way(true));
        let unrefreshed = ((situation.no_refresh || read_failed) && failed(way(false)).is_none())
            .then(|| way(false));
        refreshed.or(unrefreshed)
    });
    next.ok_or_else(|| obstacles(situation))
}

fn obstacles(situation: &Situation<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(first) = situation.destroy_provisioners.first() {
        all.push(format!(
            "`{first}` has a provisioner that runs at destroy, which only its configuration holds"
        ));
    }
    all.extend(situation.state_only_obstacles.iter().cloned());
    all.extend(situation.capsule_obstacles.iter().cloned());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: Strategy = Strategy::StateOnly { refresh: true };
    const STATE_BLIND: Strategy = Strategy::StateOnly { refresh: false };
    const CAPSULE: Strategy = Strategy::Capsule { refresh: true };
    const CAPSULE_BLIND: Strategy = Strategy::Capsule { refresh: false };

    fn situation<'a>(
        state_only: &'a [String],
        capsule: &'a [String],
        setbacks: &'a [(Strategy, Setback)],
    ) -> Situation<'a> {
        Situation {
            managed: 3,
            state_only_obstacles: state_only,
            capsule_obstacles: capsule,
            destroy_provisioners: &[],
            no_refresh: false,
            setbacks,
        }
    }

    /// The ways in the order in which they are tried when each fails with `setback`.
    fn order(situation: Situation<'_>, setback: Setback) -> Vec<Strategy> {
        let mut tried = Vec::new();
        loop {
            let setbacks: Vec<_> = tried.iter().map(|way| (*way, setback)).collect();
            let now = Situation {
                setbacks: &setbacks,
                ..situation
            };
            match choose(&now) {
                Ok(way) => tried.push(way),
                Err(_) => return tried,
            }
        }
    }

    #[test]
    fn an_empty_state_needs_no_terraform_whatever_stands_in_the_way() {
        let odd = ["x".to_owned()];
        let empty = Situation {
            managed: 0,
            destroy_provisioners: &odd,
            ..situation(&odd, &odd, &[])
        };
        assert_eq!(choose(&empty), Ok(Strategy::Empty));
    }

    #[test]
    fn the_ways_come_in_the_written_order_and_end() {
        let odd = ["x".to_owned()];
        let all = situation(&[], &[], &[]);
        assert_eq!(
            order(all, Setback::Read),
            [STATE, STATE_BLIND, CAPSULE, CAPSULE_BLIND]
        );
        assert_eq!(order(all, Setback::Other), [STATE, CAPSULE]);
        assert_eq!(
            order(situation(&[], &odd, &[]), Setback::Read),
            [STATE, STATE_BLIND]
        );
        assert_eq!(
            order(situation(&odd, &[], &[]), Setback::Read),
            [CAPSULE, CAPSULE_BLIND]
        );
        let blind = Situation {
            no_refresh: true,
            ..all
        };
        assert_eq!(order(blind, Setback::Read), [STATE_BLIND, CAPSULE_BLIND]);
    }

    #[test]
    fn a_provisioner_that_runs_at_destroy_requires_the_configuration() {
        let provisioners = ["terraform_data.x".to_owned()];
        let with = Situation {
            destroy_provisioners: &provisioners,
            ..situation(&[], &[], &[])
        };
        assert_eq!(order(with, Setback::Read), [CAPSULE, CAPSULE_BLIND]);
        let odd = ["the capsule is empty".to_owned()];
        let without = Situation {
            destroy_provisioners: &provisioners,
            ..situation(&[], &odd, &[])
        };
        let obstacles = choose(&without).expect_err("no way");
        assert!(obstacles[0].contains("terraform_data.x"));
        assert_eq!(obstacles[1], "the capsule is empty");
    }
}
