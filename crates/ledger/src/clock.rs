//! Time as a value, and the one place where it is read.
//!
//! Every decision takes `now` as an argument. Only [`SystemClock`] asks the operating system.
//! Recorded instants are whole seconds, rounded **up**, so that rounding never shortens a lifetime.

use chrono::{DateTime, DurationRound, SecondsFormat, TimeDelta, Utc};

/// A point in time, UTC.
pub type Timestamp = DateTime<Utc>;

/// Where loops at the edge get `now` from.
pub trait Clock: Send + Sync {
    /// The current time, by this clock.
    fn now(&self) -> Timestamp;
}

/// The host's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the host's clock"
    )]
    fn now(&self) -> Timestamp {
        Utc::now()
    }
}

/// A clock that moves only when told to. The twin of [`SystemClock`] for tests.
#[derive(Debug)]
pub struct ManualClock(std::sync::Mutex<Timestamp>);

impl ManualClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self(std::sync::Mutex::new(start))
    }

    /// Moves the clock; a negative `by` moves it back.
    pub fn advance(&self, by: TimeDelta) {
        let mut now = self.lock();
        *now += by;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Timestamp> {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.lock()
    }
}

/// `at` as a whole second, rounded up.
#[must_use]
pub fn whole_second(at: Timestamp) -> Timestamp {
    at.duration_trunc(TimeDelta::seconds(1))
        .map_or(at, |floor| {
            if floor < at {
                floor + TimeDelta::seconds(1)
            } else {
                floor
            }
        })
}

/// `span` after `at`. Past the ends of the calendar it is its last or first instant: nothing stored makes time panic.
#[must_use]
pub fn after(at: Timestamp, span: TimeDelta) -> Timestamp {
    at.checked_add_signed(span)
        .unwrap_or(if span < TimeDelta::zero() {
            Timestamp::MIN_UTC
        } else {
            Timestamp::MAX_UTC
        })
}

/// `at` as RFC 3339 with seconds, the spelling used in Terraform state and in tables.
#[must_use]
pub fn rfc3339(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Milliseconds since 1970-01-01T00:00:00Z, the spelling used in the store.
#[must_use]
pub fn to_millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// The instant `millis` milliseconds after 1970-01-01T00:00:00Z; `None` outside the range of a [`Timestamp`].
#[must_use]
pub fn from_millis(millis: i64) -> Option<Timestamp> {
    DateTime::from_timestamp_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_never_shortens_a_lifetime() {
        let exact = from_millis(1_700_000_000_000).expect("in range");
        assert_eq!(whole_second(exact), exact);
        assert_eq!(
            whole_second(exact + TimeDelta::milliseconds(1)),
            exact + TimeDelta::seconds(1)
        );
        assert_eq!(rfc3339(exact), "2023-11-14T22:13:20Z");
    }
}
