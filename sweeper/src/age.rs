//! Spans and instants for people: `in 3h12m`, `2d4h ago`. The two largest units say enough.

use chrono::TimeDelta;
use ledger::{
    clock::{Timestamp, rfc3339},
    ttl::compact,
};

/// `span` in its two largest units, as far as they count: `3d4h`, `3h12m`, `45s`.
#[must_use]
pub fn short(span: TimeDelta) -> String {
    let seconds = span.num_seconds();
    let unit = match seconds.abs() {
        86_400.. => 3_600,
        3_600.. => 60,
        _ => 1,
    };
    compact(TimeDelta::seconds(seconds / unit * unit))
}

/// Where `at` is, seen from `now`: `in 3h12m`, `2h ago`, `now`.
#[must_use]
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let span = at - now;
    match span.num_seconds() {
        0 => "now".to_owned(),
        1.. => format!("in {}", short(span)),
        _ => format!("{} ago", short(-span)),
    }
}

/// `at` both ways: `2026-03-01T18:00:00Z (in 3h12m)`.
#[must_use]
pub fn both(at: Timestamp, now: Timestamp) -> String {
    format!("{} ({})", rfc3339(at), relative(at, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_told_from_now_in_its_two_largest_units() {
        let now = Timestamp::default();
        for (seconds, told) in [
            (0, "now"),
            (45, "in 45s"),
            (125, "in 2m5s"),
            (-11_525, "3h12m ago"),
            (86_400 * 3 + 3_600 * 4 + 59, "in 3d4h"),
            (86_400, "in 1d"),
        ] {
            assert_eq!(relative(now + TimeDelta::seconds(seconds), now), told);
        }
    }
}
