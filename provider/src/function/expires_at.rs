//! `expires_at`: a given instant and a duration. There is no clock in it; the caller says since when.

use async_trait::async_trait;
use chrono::{DateTime, Datelike as _, Utc};
use ledger::{
    clock::{Timestamp, after, rfc3339},
    ttl::Ttl,
};
use tf_provider::schema::{FunctionSchema, Type};
use tf_provider::{Diagnostics, Function};

use super::{accept, argument, parameter, signature};
use crate::diag;

#[derive(Debug)]
pub(super) struct ExpiresAtFunction;

/// Why there is no such instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum InstantError {
    #[error(
        "the text is no RFC 3339 timestamp; expected a date, a time and a zone, for example `2026-02-12T06:36:13Z`"
    )]
    Unreadable,
    #[error("the end is after the year 9999, which RFC 3339 cannot spell; begin earlier")]
    TooLate,
    #[error("the end is before the year 0, which RFC 3339 cannot spell; begin later")]
    TooEarly,
}

#[async_trait]
impl Function for ExpiresAtFunction {
    type Input<'a> = (String, String);
    type Output<'a> = String;

    fn schema(&self, _: &mut Diagnostics) -> Option<FunctionSchema> {
        Some(signature(
            "When something that began then is over",
            "Adds a duration to a timestamp and gives the end as RFC 3339 in UTC, in whole seconds. The function reads no \
             clock, so it is known in a plan if its arguments are. For the end of an environment or a lease read its \
             `expires_at`, which knows renewals and extensions.",
            [
                parameter(
                    "timestamp",
                    Type::String,
                    "Since when, RFC 3339 with a zone, for example `2026-02-12T06:36:13Z`. Parts of a second are cut.",
                ),
                parameter(
                    "ttl",
                    Type::String,
                    "For how long, for example `90m`, `72h`, `3d` or `PT72H`.",
                ),
            ],
            None,
            Type::String,
        ))
    }

    async fn call<'a>(
        &self,
        diags: &mut Diagnostics,
        (timestamp, ttl): (String, String),
    ) -> Option<String> {
        let wrong_time = |error| diag::invalid_timestamp(argument(0), &error);
        let since = accept(instant(&timestamp).map_err(wrong_time), diags);
        let ttl = Ttl::parse(&ttl).map_err(|error| diag::invalid_duration(argument(1), &error));
        let ttl = accept(ttl, diags);
        let end = accept(end(since?, &ttl?).map_err(wrong_time), diags)?;
        Some(rfc3339(end))
    }
}

fn instant(text: &str) -> Result<Timestamp, InstantError> {
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.with_timezone(&Utc))
        .map_err(|_| InstantError::Unreadable)
}

fn end(since: Timestamp, ttl: &Ttl) -> Result<Timestamp, InstantError> {
    let end = after(since, ttl.delta());
    match end.year() {
        ..0 => Err(InstantError::TooEarly),
        0..=9999 => Ok(end),
        _ => Err(InstantError::TooLate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(since: &str, ttl: &str, expected: &str) {
        let ttl = Ttl::parse(ttl).expect("a duration");
        let found = instant(since).and_then(|since| end(since, &ttl));
        assert_eq!(found.map(rfc3339), Ok(expected.to_owned()));
    }

    #[test]
    fn the_end_is_the_beginning_and_the_duration_in_utc_and_whole_seconds() {
        check("2026-02-12T06:36:13Z", "72h", "2026-02-15T06:36:13Z");
        check("2026-02-12T06:36:13+02:00", "1h30m", "2026-02-12T06:06:13Z");
        check("2026-02-12T06:36:13.987Z", "1s", "2026-02-12T06:36:14Z");
        check("2024-02-28T23:59:59Z", "1d", "2024-02-29T23:59:59Z");
        check("1969-12-31T23:59:59Z", "PT1S", "1970-01-01T00:00:00Z");
        check("9989-01-02T00:00:00Z", "3650d", "9998-12-31T00:00:00Z");
    }

    #[test]
    fn what_is_no_instant_with_a_zone_is_refused() {
        for text in ["", "2026-02-12", "2026-02-12T06:36:13", "now", "1770878173"] {
            assert_eq!(instant(text), Err(InstantError::Unreadable), "{text}");
        }
        let late = instant("9999-12-31T00:00:00Z").expect("an instant");
        let ttl = Ttl::parse("1d").expect("a duration");
        assert_eq!(end(late, &ttl), Err(InstantError::TooLate));
        // In UTC this one lies in the year before 0.
        let early = instant("0000-01-01T00:00:00+23:00").expect("an instant");
        let second = Ttl::parse("1s").expect("a duration");
        assert_eq!(end(early, &second), Err(InstantError::TooEarly));
        assert_eq!(
            end(early, &ttl).map(rfc3339),
            Ok("0000-01-01T01:00:00Z".to_owned())
        );
    }
}
