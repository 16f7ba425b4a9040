//! When a write waits for company. A commit costs a write to the disk, whatever is in it; a large apply brings one write
//! every few milliseconds, each while the one before is long durable, so that every one would pay for a commit of its
//! own. In such a row a write waits for the next one, and the two are committed together.
//!
//! Pure: it is told what came, and says how long to wait. A lone write and the first of a row never wait, and where
//! waiting brings nobody, because there is only ever one write at a time, it is soon given up.

use std::time::Duration;

/// What comes within this of what was written last stands in a row with it. Terraform takes up to 30 ms for the state of
/// each of a thousand resources.
pub(super) const SOON: Duration = Duration::from_millis(60);

/// The longest that a write waits for the next.
const PATIENCE: Duration = Duration::from_millis(50);

/// How long a row is before anybody in it waits.
const ROW: u32 = 16;

/// What is known of the row.
pub(super) struct Company {
    /// How many commits stand in it.
    row: u32,
    /// How many it takes before one waits; twice as many after each that waited in vain.
    enough: u32,
}

impl Default for Company {
    fn default() -> Self {
        Self {
            row: 0,
            enough: ROW,
        }
    }
}

impl Company {
    /// How long to wait with a commit, now that a write came, `soon` after the one before or not.
    pub(super) fn patience(&mut self, soon: bool) -> Duration {
        self.row = if soon { self.row.saturating_add(1) } else { 0 };
        if self.row < self.enough {
            Duration::ZERO
        } else {
            PATIENCE
        }
    }

    /// A wait brought nobody.
    pub(super) fn waited_in_vain(&mut self) {
        self.row = 0;
        self.enough = self.enough.saturating_mul(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `count` commits in a row wait, in vain or not.
    fn waits(company: &mut Company, count: u32, in_vain: bool) -> u32 {
        let mut waits = 0;
        for _ in 0..count {
            if company.patience(true) != Duration::ZERO {
                waits += 1;
                if in_vain {
                    company.waited_in_vain();
                }
            }
        }
        waits
    }

    #[test]
    fn nobody_waits_before_there_is_a_row_and_everybody_in_one() {
        let mut company = Company::default();
        assert_eq!(waits(&mut company, ROW - 1, false), 0);
        assert_eq!(waits(&mut company, 100, false), 100);
        assert_eq!(company.patience(false), Duration::ZERO, "a new row");
        assert_eq!(waits(&mut company, ROW - 1, false), 0);
    }

    #[test]
    fn where_waiting_brings_nobody_it_is_given_up_more_and_more() {
        let mut company = Company::default();
        // 16, 32, 64, …: ten in a thousand times sixteen.
        assert_eq!(waits(&mut company, 1_023 * ROW, true), 10);
    }
}
