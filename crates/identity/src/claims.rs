//! Whether what a token says fits: who issued it, for whom, and when. Knows no signature; `now` is an argument.

use chrono::{DateTime, TimeDelta};
use http::shown;
use ledger::clock::{Timestamp, rfc3339};
use serde_json::{Map, Value as Json};

use crate::{issuer::TrustedIssuer, problem::InvalidToken};

/// By how much the clocks of an issuer and of this host may differ, in seconds.
const LEEWAY: i64 = 60;

/// The issuer of `claims`, if it is trusted.
///
/// # Errors
/// It is not.
pub(crate) fn issuer<'a>(
    claims: &Map<String, Json>,
    trusted: &'a [TrustedIssuer],
) -> Result<&'a TrustedIssuer, InvalidToken> {
    let found = text(claims, "iss").ok_or(InvalidToken::Missing("iss"))?;
    let known = trusted.iter().find(|issuer| issuer.as_str() == found);
    known.ok_or_else(|| InvalidToken::Issuer {
        found: shown(found),
        trusted: trusted
            .iter()
            .map(TrustedIssuer::as_str)
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// Checks that `claims` are for `audience` and for now.
///
/// # Errors
/// What does not fit.
pub(crate) fn check(
    claims: &Map<String, Json>,
    audience: &str,
    now: Timestamp,
) -> Result<(), InvalidToken> {
    let found = match claims.get("aud") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return Err(InvalidToken::Missing("aud"));
    }
    if !found.contains(&audience) {
        return Err(InvalidToken::Audience {
            found: shown(&found.join(", ")),
            expected: audience.to_owned(),
        });
    }
    let leeway = TimeDelta::seconds(LEEWAY);
    let expiry = instant(claims, "exp")?.ok_or(InvalidToken::Missing("exp"))?;
    if expiry <= now - leeway {
        return Err(InvalidToken::Expired {
            at: rfc3339(expiry),
            now: rfc3339(now),
        });
    }
    for begin in ["nbf", "iat"] {
        if let Some(begin) = instant(claims, begin)?
            && now + leeway < begin
        {
            return Err(InvalidToken::Early {
                at: rfc3339(begin),
                now: rfc3339(now),
            });
        }
    }
    Ok(())
}

/// A claim that is a text and says something.
pub(crate) fn text<'a>(claims: &'a Map<String, Json>, name: &str) -> Option<&'a str> {
    let text = claims.get(name)?.as_str()?;
    (!text.is_empty()).then_some(text)
}

/// An instant, in seconds since 1970; a fraction is dropped.
fn instant(
    claims: &Map<String, Json>,
    name: &'static str,
) -> Result<Option<Timestamp>, InvalidToken> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float is cut to what an i64 holds, and the calendar refuses what is out of its range"
    )]
    let seconds = value
        .as_i64()
        .or_else(|| value.as_f64().map(|seconds| seconds as i64));
    let at = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    at.map(Some).ok_or(InvalidToken::Missing(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn claims(json: &Json) -> Map<String, Json> {
        json.as_object().cloned().expect("an object")
    }

    fn checked(change: &Json) -> Result<(), InvalidToken> {
        let mut all =
            claims(&json!({"aud": "ours", "exp": NOW + 300, "nbf": NOW - 300, "iat": NOW}));
        for (name, value) in claims(change) {
            if value.is_null() {
                all.remove(&name);
            } else {
                all.insert(name, value);
            }
        }
        let now = DateTime::from_timestamp(NOW, 0).expect("an instant");
        check(&all, "ours", now)
    }

    #[test]
    fn what_fits_within_a_minute_of_leeway_is_accepted() {
        for change in [
            json!({}),
            json!({"aud": ["theirs", "ours"]}),
            json!({"exp": NOW - 59}),
            json!({"exp": 1_800_000_300.5}),
            json!({"nbf": NOW + 60, "iat": NOW + 60}),
            json!({"nbf": null, "iat": null}),
        ] {
            assert_eq!(checked(&change), Ok(()), "{change}");
        }
    }

    #[test]
    fn a_token_for_another_audience_or_another_time_is_refused() {
        for (change, problem) in [
            (json!({"aud": null}), "no usable `aud`"),
            (json!({"aud": [7]}), "no usable `aud`"),
            (
                json!({"aud": "OURS"}),
                "its audience is `OURS`; expected `ours`",
            ),
            (json!({"aud": ["a", "b"]}), "its audience is `a, b`"),
            (json!({"exp": null}), "no usable `exp`"),
            (json!({"exp": "soon"}), "no usable `exp`"),
            (json!({"exp": 1e300}), "no usable `exp`"),
            (json!({"exp": NOW - 60}), "expired at 2027-01-15T07:59:00Z"),
            (json!({"nbf": NOW + 61}), "valid from 2027-01-15T08:01:01Z"),
            (json!({"iat": NOW + 61}), "valid from 2027-01-15T08:01:01Z"),
            (json!({"nbf": "now"}), "no usable `nbf`"),
        ] {
            let refused = checked(&change).expect_err("refused").to_string();
            assert!(refused.contains(problem), "{change}: {refused}");
        }
    }

    #[test]
    fn only_an_issuer_that_is_trusted_letter_for_letter_is_taken() {
        let trusted = ["https://gitlab.com", "https://git.acme.test"]
            .map(|text| TrustedIssuer::parse(text).expect("an issuer"));
        let found = claims(&json!({"iss": "https://git.acme.test"}));
        assert_eq!(issuer(&found, &trusted), Ok(&trusted[1]));
        for iss in [
            "https://gitlab.com/",
            "https://gitlab.com.evil.test",
            "HTTPS://gitlab.com",
            "http://gitlab.com",
        ] {
            let problem = issuer(&claims(&json!({"iss": iss})), &trusted).expect_err(iss);
            assert!(matches!(problem, InvalidToken::Issuer { .. }), "{problem}");
        }
        let without = issuer(&claims(&json!({"iss": 7})), &trusted);
        assert_eq!(without, Err(InvalidToken::Missing("iss")));
    }
}
