//! Brakes, which stop a sweep, and the rate, which smooths it. Both are on by default.

use std::fmt;

use chrono::TimeDelta;

use crate::{clock::Timestamp, ttl::compact};

/// The limits of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guards {
    /// The most destroys in one sweep; the rest is deferred, and said so. At least 1.
    pub rate: u32,
    /// How many *newly* due environments may come at once, whatever their share.
    pub jump_count: u32,
    /// Up to which share of the live fleet newly due environments may come at once, in percent.
    pub jump_percent: u32,
    /// How far the host's clock and the ledger's may be apart.
    pub clock_limit: TimeDelta,
}

impl Default for Guards {
    /// 20 a sweep; more than ten that are also more than half; one minute.
    fn default() -> Self {
        Self {
            rate: 20,
            jump_count: 10,
            jump_percent: 50,
            clock_limit: TimeDelta::seconds(60),
        }
    }
}

/// Which brake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BrakeKind {
    /// A sudden jump in what is due.
    Jump,
    /// Two clocks that disagree.
    Clock,
    /// Too much that could not be seen.
    Coverage,
}

impl BrakeKind {
    /// Every brake.
    pub const ALL: [Self; 3] = [Self::Jump, Self::Clock, Self::Coverage];

    /// The word used in plans and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jump => "jump",
            Self::Clock => "clock",
            Self::Coverage => "coverage",
        }
    }

    /// Whether a person who has looked may release it. A clock is mended, not released.
    #[must_use]
    pub fn may_be_released(self) -> bool {
        match self {
            Self::Jump | Self::Coverage => true,
            Self::Clock => false,
        }
    }
}

impl fmt::Display for BrakeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A brake that stopped the sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brake {
    /// Which one.
    pub kind: BrakeKind,
    /// What it saw and what to do next.
    pub because: String,
}

/// What the brakes look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gauge {
    /// Environments that live.
    pub fleet: u64,
    /// Of them, due now and not due at the last sweep.
    pub newly_due: u64,
    /// Of them, not seen whole: record or state unreadable.
    pub unseen: u64,
    /// The ledger's clock.
    pub store_now: Timestamp,
    /// The host's clock.
    pub host_now: Timestamp,
}

impl Guards {
    /// Every brake that `gauge` trips, released ones included.
    #[must_use]
    pub fn brakes(&self, gauge: &Gauge) -> Vec<Brake> {
        [self.jump(gauge), self.clock(gauge), self.coverage(gauge)]
            .into_iter()
            .flatten()
            .collect()
    }

    /// More than `jump_count` that are also more than `jump_percent` of the fleet.
    fn is_too_many(&self, part: u64, fleet: u64) -> bool {
        u64::from(self.jump_count) < part
            && u128::from(fleet) * u128::from(self.jump_percent) < u128::from(part) * 100
    }

    fn jump(&self, gauge: &Gauge) -> Option<Brake> {
        self.is_too_many(gauge.newly_due, gauge.fleet).then(|| Brake {
            kind: BrakeKind::Jump,
            because: format!(
                "{} of {} environments became due since the last sweep; more than {} that are also more than {} % \
                 stop the sweep. Look at the plan; if it is right, release the brake in a saved plan: \
                 `sweeper plan --release-brake jump --out FILE`, then `sweeper apply FILE`",
                gauge.newly_due, gauge.fleet, self.jump_count, self.jump_percent
            ),
        })
    }

    fn clock(&self, gauge: &Gauge) -> Option<Brake> {
        let apart = (gauge.store_now - gauge.host_now).abs();
        (self.clock_limit < apart).then(|| Brake {
            kind: BrakeKind::Clock,
            because: format!(
                "the ledger's clock and this host's are {} apart, and {} is the limit. Set the clocks right; what is \
                 due follows from them",
                compact(apart),
                compact(self.clock_limit)
            ),
        })
    }

    fn coverage(&self, gauge: &Gauge) -> Option<Brake> {
        self.is_too_many(gauge.unseen, gauge.fleet).then(|| Brake {
            kind: BrakeKind::Coverage,
            because: format!(
                "{} of {} environments could not be seen whole. Look at the reasons in the plan before anything is \
                 destroyed; if they are known, release the brake in a saved plan: \
                 `sweeper plan --release-brake coverage --out FILE`, then `sweeper apply FILE`",
                gauge.unseen, gauge.fleet
            ),
        })
    }
}
