//! The words of the command line: one parser each, and an example in each refusal.

use chrono::{DateTime, Utc};
use ledger::{brake::BrakeKind, clock::Timestamp, phase::Phase};

use crate::exit::ExitStatus;

/// The exit codes, for the end of `--help` and of the manual page.
pub(super) fn exit_codes() -> String {
    let codes: Vec<String> = ExitStatus::ALL
        .into_iter()
        .map(|status| format!("{} {}", status.code(), status.as_str()))
        .collect();
    format!("Exit codes: {}", codes.join(", "))
}

/// `jump` or `coverage`.
pub(super) fn brake(text: &str) -> Result<BrakeKind, String> {
    match BrakeKind::ALL
        .into_iter()
        .find(|kind| kind.as_str() == text)
    {
        Some(kind) if kind.may_be_released() => Ok(kind),
        Some(kind) => Err(format!(
            "the brake `{kind}` cannot be released; set the clocks right"
        )),
        None => Err("expected `jump` or `coverage`".to_owned()),
    }
}

/// A phase that can be told without a look at the state.
pub(super) fn phase(text: &str) -> Result<Phase, String> {
    Phase::parse_of_records(text).map_err(|error| error.to_string())
}

/// An instant in RFC 3339, with its zone.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    DateTime::parse_from_rfc3339(text.trim())
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| {
            "expected a date, a time and a zone, for example `2026-03-01T18:00:00Z` or \
             `2026-03-01T19:00:00+01:00`"
                .to_owned()
        })
}

/// A text that says something: an empty filter is an unset variable in a script, and would widen the answer.
pub(super) fn not_empty(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("expected a name, found nothing; for example `ana`".to_owned());
    }
    Ok(text.trim().to_owned())
}
