//! A duration as people write it: `90m`, `72h`, `3d`, `1h30m`, `PT72H`.
//!
//! The spelling is kept, because Terraform must get back what it was given; equality and order are by length.
//! Months and years are refused: they have no fixed length. So are zero, negatives and bare numbers.

use std::{cmp::Ordering, fmt};

use chrono::TimeDelta;
use jiff::Span;

/// The longest duration accepted: ten years of 365 days, in seconds. Longer is a typing error, or not ephemeral.
const LONGEST_SECONDS: i64 = 10 * 365 * 24 * 3600;

/// How much of a refused text is shown again.
const SHOWN_CHARS: usize = 40;

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
    /// A duration with white space before or after it. The spelling is kept, so it has to be clean.
    #[error("`{0}` has white space around it; write it without, for example `72h`")]
    Padded(String),
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
        let shown = || shorten(trimmed);
        if trimmed.is_empty() {
            return Err(TtlError::Empty);
        }
        if trimmed.len() < text.len() {
            return Err(TtlError::Padded(shown()));
        }
        if let Some(error) = bare_number(text) {
            return Err(error);
        }
        let span: Span = text
            .parse()
            .map_err(|error: jiff::Error| what_is_wrong(text, &error))?;
        if span.get_months() != 0 || span.get_years() != 0 {
            return Err(TtlError::NoFixedLength(shown()));
        }
        if span.is_negative() {
            return Err(TtlError::Negative(shown()));
        }
        let fine = span.get_milliseconds() != 0
            || span.get_microseconds() != 0
            || span.get_nanoseconds() != 0;
        // Whatever overflows is longer than the longest.
        let seconds = [
            (i64::from(span.get_weeks()), 7 * 24 * 3600),
            (i64::from(span.get_days()), 24 * 3600),
            (i64::from(span.get_hours()), 3600),
            (span.get_minutes(), 60),
            (span.get_seconds(), 1),
        ]
        .into_iter()
        .map(|(count, unit): (i64, i64)| count.saturating_mul(unit))
        .fold(0, i64::saturating_add);
        if LONGEST_SECONDS < seconds {
            return Err(TtlError::TooLong(shown()));
        }
        if fine {
            return Err(TtlError::TooFine(shown()));
        }
        if seconds == 0 {
            return Err(TtlError::Zero(shown()));
        }
        Ok(Self {
            seconds,
            spelling: text.to_owned(),
        })
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

/// What is wrong with a number that has no unit; `None` if `text` is something else.
fn bare_number(text: &str) -> Option<TtlError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let shown = shorten(text);
    Some(match digits.parse::<i64>() {
        Ok(0) => TtlError::Zero(shown),
        _ if text.starts_with('-') => TtlError::Negative(shown),
        Ok(1..=LONGEST_SECONDS) => TtlError::NoUnit(shorten(digits)),
        // Too long in every unit there is.
        _ => TtlError::TooLong(shown),
    })
}

/// Why `text`, which is no bare number, could not be read: its numbers, if smaller ones in their place would do.
fn what_is_wrong(text: &str, error: &jiff::Error) -> TtlError {
    let shown = shorten(text);
    match with_small_numbers(text).parse::<Span>() {
        Ok(span) if span.is_negative() => TtlError::Negative(shown),
        Ok(_) => TtlError::TooLong(shown),
        Err(_) if error.is_range() => TtlError::TooLong(shown),
        Err(_) => TtlError::Unreadable(shown),
    }
}

/// `text` with a `1` in place of every whole number. Fractions stay as they are.
fn with_small_numbers(text: &str) -> String {
    let mut small = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let end = number
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(number.len());
        let (number, after) = number.split_at(end);
        small.push_str(before);
        let fraction = small.ends_with(['.', ',']);
        small.push_str(if fraction { number } else { "1" });
        rest = after;
    }
    small.push_str(rest);
    small
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
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
