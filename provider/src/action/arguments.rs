//! The arguments that actions share, each parsed once, every problem at its own attribute. Unknown arguments are left
//! out without a word.

use chrono::{DateTime, Utc};
use ledger::{clock::Timestamp, reason::Reason, request::extend::HowLong, ttl::Ttl};
use tf_provider::{AttributePath, Diagnostics, value::Value};

use crate::diag;

/// The name of the record: never empty, as an unset variable would be.
pub(super) fn name(
    attribute: &'static str,
    value: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<String> {
    let text = value.as_ref_option()?.trim();
    if text.is_empty() {
        diags.add_error(diag::empty_value(attribute));
        return None;
    }
    Some(text.to_owned())
}

/// Why.
pub(super) fn reason(value: &Value<String>, diags: &mut Diagnostics) -> Option<Reason> {
    let parsed = Reason::parse(value.as_ref_option()?);
    parsed
        .map_err(|error| diags.add_error(diag::invalid_reason(&error)))
        .ok()
}

/// A point in time; `Some(None)` if there is none.
pub(super) fn instant(
    attribute: &'static str,
    value: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<Option<Timestamp>> {
    let text = match value {
        Value::Null => return Some(None),
        Value::Unknown => return None,
        Value::Value(text) => text,
    };
    match DateTime::parse_from_rfc3339(text) {
        Ok(instant) => Some(Some(instant.with_timezone(&Utc))),
        Err(_) => {
            diags.add_error(diag::invalid_time(attribute, text));
            None
        }
    }
}

/// How much longer: exactly one of the two.
pub(super) fn how_long(
    by: &Value<String>,
    until: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<HowLong> {
    match (by, until) {
        (Value::Null, Value::Null) | (Value::Value(_), Value::Value(_)) => {
            diags.add_error(diag::length_unclear());
            None
        }
        (Value::Value(text), _) => match Ttl::parse(text) {
            Ok(ttl) => Some(HowLong::By(ttl)),
            Err(error) => {
                diags.add_error(diag::invalid_duration(AttributePath::new("by"), &error));
                None
            }
        },
        _ => instant("until", until, diags)?.map(HowLong::Until),
    }
}
