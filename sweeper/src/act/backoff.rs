//! When a failed teardown is tried again: ever more rarely, spread out, and never not at all.

use chrono::TimeDelta;
use ledger::id::EnvironmentId;

/// The first pause.
const FIRST_SECONDS: i64 = 60;

/// The longest pause: what keeps failing is tried four times a day, for ever.
const LONGEST_SECONDS: i64 = 6 * 3600;

/// The pause after `passes` failed passes: doubling from a minute up to six hours, and up to a quarter longer, by the id,
/// so that what failed together is not tried together.
#[must_use]
pub(super) fn pause(id: &EnvironmentId, passes: u32) -> TimeDelta {
    let doublings = passes.saturating_sub(1).min(16);
    let base = (FIRST_SECONDS << doublings).min(LONGEST_SECONDS);
    let spread: i64 = id.as_str().bytes().map(i64::from).sum::<i64>() % 64;
    TimeDelta::seconds(base + base * spread / 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_six_hours_and_never_end() {
        let id = EnvironmentId::parse("env-1").expect("a right id");
        let first = pause(&id, 1);
        assert!(TimeDelta::seconds(60) <= first && first <= TimeDelta::seconds(75));
        assert!(first < pause(&id, 2));
        let longest = pause(&id, 100_000);
        assert!(TimeDelta::hours(6) <= longest && longest <= TimeDelta::minutes(450));
        assert_eq!(longest, pause(&id, u32::MAX));
    }

    #[test]
    fn what_failed_together_is_not_tried_together() {
        let at = |name: &str| pause(&EnvironmentId::parse(name).expect("a right id"), 3);
        assert_ne!(at("env-a"), at("env-b"));
    }
}
