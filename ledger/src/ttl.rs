//! A duration as people write it: `90m`, `72h`, `3d`, `1h30m`, `PT72H`.
//!
//! The spelling is kept, because Terraform must get back what it was given; equality and order are by length.
//! Months and years are refused: they have no fixed length. So are zero, negatives and bare numbers.

use std::{cmp::Ordering, fmt};

use chrono::TimeDelta;
use jiff::Span;

/// The longest duration accepted: ten years of 365 days, in seconds. Longer is a typing error, or not ephemeral.
const LONGEST_SECONDS: i64 = 10 * 365 * 24 * 3600;

/// A duration of at least one second and at most ten years.
#[derive(Debug, Clone)]
pub struct Ttl {
    seconds: i64,
    spelling: String,
}

/// Why a text is not a duration. Each message ends with an example of what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TtlError {
    /// Nothing, or only white space.
    #[error("expected a duration, found an empty text; for example `90m`, `72h`, `3d` or `1h30m`")]
    Empty,
    /// A number without a unit.
    #[error("`{0}` has no unit; write `{0}s`, `{0}m`, `{0}h` or `{0}d`, for example `72h`")]
    NoUnit(String),
    /// Zero.
    #[error("`{0}` is zero, which would end at once; the least is `1s`, for example `90m`")]
    Zero(String),
    /// Below zero.
    #[error("`{0}` is negative; a duration counts forward, for example `72h`")]
    Negative(String),
    /// Not a whole number of seconds.
    #[error("`{0}` is finer than a second; the least is `1s`, for example `90s`")]
    TooFine(String),
    /// More than ten years, or more than a number can hold.
    #[error("`{0}` is longer than ten years (`3650d`); for example `72h` or `30d`")]
    TooLong(String),
    /// Months or years.
    #[error(
        "`{0}` counts months or years, which have no fixed length; write days, for example `30d`"
    )]
    NoFixedLength(String),
    /// Anything else.
    #[error(
        "`{0}` is not a duration; expected numbers with units, for example `90m`, `72h`, `3d`, `1h30m` or `PT72H`"
    )]
    Unreadable(String),
}

impl Ttl {
    /// Reads `text`.
    ///
    /// # Errors
    /// A [`TtlError`] that says what is wrong and shows what would be right.
    pub fn parse(text: &str) -> Result<Self, TtlError> {
        let trimmed = text.trim();
        let shown = || trimmed.to_owned();
        if trimmed.is_empty() {
            return Err(TtlError::Empty);
        }
        if let Ok(number) = trimmed.parse::<f64>() {
            return Err(if number < 0.0 {
                TtlError::Negative(shown())
            } else {
                TtlError::NoUnit(shown())
            });
        }
        let span: Span = trimmed.parse().map_err(|error: jiff::Error| {
            if error.is_range() {
                TtlError::TooLong(shown())
            } else {
                TtlError::Unreadable(shown())
            }
        })?;
        if span.get_months() != 0 || span.get_years() != 0 {
            return Err(TtlError::NoFixedLength(shown()));
        }
        let fine = span.get_milliseconds() != 0
            || span.get_microseconds() != 0
            || span.get_nanoseconds() != 0;
        let seconds = [
            (i64::from(span.get_weeks()), 7 * 24 * 3600),
            (i64::from(span.get_days()), 24 * 3600),
            (i64::from(span.get_hours()), 3600),
            (span.get_minutes(), 60),
            (span.get_seconds(), 1),
        ]
        .into_iter()
        .try_fold(0_i64, |sum, (count, unit)| {
            count
                .checked_mul(unit)
                .and_then(|part| sum.checked_add(part))
        })
        .ok_or_else(|| TtlError::TooLong(shown()))?;
        if span.is_negative() {
            return Err(TtlError::Negative(shown()));
        }
        if fine {
            return Err(TtlError::TooFine(shown()));
        }
        match seconds {
            0 => Err(TtlError::Zero(shown())),
            1..=LONGEST_SECONDS => Ok(Self {
                seconds,
                spelling: text.to_owned(),
            }),
            _ => Err(TtlError::TooLong(shown())),
        }
    }

    /// A duration of whole hours, for defaults. Zero becomes one hour.
    #[must_use]
    pub fn hours(hours: u16) -> Self {
        let hours = hours.max(1);
        Self {
            seconds: i64::from(hours) * 3600,
            spelling: format!("{hours}h"),
        }
    }

    /// The length in seconds, at least 1.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// The length as a [`TimeDelta`].
    #[must_use]
    pub fn delta(&self) -> TimeDelta {
        TimeDelta::seconds(self.seconds)
    }

    /// The text it was read from, byte for byte.
    #[must_use]
    pub fn spelling(&self) -> &str {
        &self.spelling
    }
}

/// Canonical: days, hours, minutes and seconds, the largest units first (`3d`, `1h30m`).
impl fmt::Display for Ttl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&compact(self.delta()))
    }
}

impl PartialEq for Ttl {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds
    }
}

impl Eq for Ttl {}

impl PartialOrd for Ttl {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ttl {
    fn cmp(&self, other: &Self) -> Ordering {
        self.seconds.cmp(&other.seconds)
    }
}

/// A span for people: `3d`, `1h30m`, `45s`; less than a second is `0s`; a negative span has a leading `-`.
#[must_use]
pub fn compact(span: TimeDelta) -> String {
    let total = span.num_seconds();
    let rest = total.unsigned_abs();
    let parts = [
        (rest / 86_400, 'd'),
        (rest / 3_600 % 24, 'h'),
        (rest / 60 % 60, 'm'),
        (rest % 60, 's'),
    ];
    let mut text = String::from(if total < 0 { "-" } else { "" });
    for (count, unit) in parts {
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if rest == 0 {
        text.push_str("0s");
    }
    text
}
