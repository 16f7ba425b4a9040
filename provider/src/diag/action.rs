//! Diagnostics on actions and lists.

use std::fmt::Display;

use ledger::{
    clock::rfc3339,
    phase::PhaseError,
    request::{extend::ExtendRefusal, hold::HoldRefusal},
};
use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused};

/// Nothing lives under the id or name that an action names.
#[must_use]
pub fn nothing_to_act_on(kind: &'static str, name: &str) -> Diagnostic {
    at(
        AttributePath::new(kind),
        Title::NothingToActOn,
        format!(
            "The ledger has no living {kind} that `{name}` names. `sweeper list` shows what it has."
        ),
    )
}

/// A reason that says nothing, or too much.
#[must_use]
pub fn invalid_reason(error: &impl Display) -> Diagnostic {
    refused(Title::InvalidReason, AttributePath::new("reason"), error)
}

/// A point in time that cannot be understood.
#[must_use]
pub fn invalid_time(attribute: &'static str, found: &str) -> Diagnostic {
    at(
        AttributePath::new(attribute),
        Title::InvalidTime,
        format!("`{found}` is not a time in RFC 3339. Write for example `2026-03-01T18:00:00Z`."),
    )
}

/// Both `by` and `until`, or neither.
#[must_use]
pub fn length_unclear() -> Diagnostic {
    at(
        AttributePath::new("by"),
        Title::LengthUnclear,
        "An extension needs exactly one of `by` and `until`. Write for example `by = \"4h\"`."
            .to_owned(),
    )
}

/// An extension that was refused. `kind` is the argument that named the record `name`, and `length` the one that said how
/// much longer.
#[must_use]
pub fn not_extended(
    kind: &'static str,
    length: &'static str,
    name: &str,
    refusal: &ExtendRefusal,
) -> Diagnostic {
    let wrong = match refusal {
        ExtendRefusal::Over | ExtendRefusal::Ended => kind,
        ExtendRefusal::PastTheHardEnd { .. }
        | ExtendRefusal::Shorter { .. }
        | ExtendRefusal::InThePast { .. } => length,
    };
    let why = match refusal {
        ExtendRefusal::Over => format!(
            "{name} has ended for good and cannot be extended. Apply its configuration again to create a new generation."
        ),
        ExtendRefusal::Ended => format!(
            "{name} has expired and cannot be extended. Renew it in its configuration: change `triggers`, and apply."
        ),
        ExtendRefusal::PastTheHardEnd {
            wanted,
            hard_end,
            reachable,
        } => {
            let next = if *reachable {
                format!(
                    "The furthest is `until = \"{}\"`; for more, raise its maximum in the configuration.",
                    rfc3339(*hard_end)
                )
            } else {
                "Raise its maximum in the configuration, and apply.".to_owned()
            };
            format!(
                "{name} cannot live until {}: its hard end is {}, which no extension can pass. {next}",
                rfc3339(*wanted),
                rfc3339(*hard_end)
            )
        }
        ExtendRefusal::Shorter { wanted, expires } => format!(
            "{name} already lives until {}, and an extension cannot shorten that; the requested end is {}. Request a later end, \
             for example `by = \"4h\"`.",
            rfc3339(*expires),
            rfc3339(*wanted)
        ),
        ExtendRefusal::InThePast { wanted } => format!(
            "{} is in the past. Request a later end, for example `by = \"4h\"`.",
            rfc3339(*wanted)
        ),
    };
    at(
        AttributePath::new(wrong),
        Title::NotExtended,
        format!("{why} Nothing was changed."),
    )
}

/// A hold that was refused.
#[must_use]
pub fn not_held(name: &str, refusal: &HoldRefusal) -> Diagnostic {
    let wrong = match refusal {
        HoldRefusal::Over => "environment",
        HoldRefusal::InThePast { .. } | HoldRefusal::Shorter { .. } => "until",
    };
    let why = match refusal {
        HoldRefusal::Over => format!("{name} has ended, so there is nothing to hold."),
        HoldRefusal::InThePast { until } => format!(
            "A hold until {} would be over already. Name a later time, or leave `until` out.",
            rfc3339(*until)
        ),
        HoldRefusal::Shorter { hold } => {
            let until = hold.until.map_or_else(
                || "until it is lifted".to_owned(),
                |until| format!("until {}", rfc3339(until)),
            );
            format!(
                "{name} is already held by {} {until}: {}; another hold never shortens that. Leave it, or lift it first \
                 with `sweeper unhold`.",
                hold.by, hold.reason
            )
        }
    };
    at(
        AttributePath::new(wrong),
        Title::NotHeld,
        format!("{why} Nothing was changed."),
    )
}

/// A change that may come too late for what it wants to save.
#[must_use]
pub fn perhaps_too_late(id: &str) -> Diagnostic {
    at(
        AttributePath::new("environment"),
        Title::PerhapsTooLate,
        format!(
            "A sweeper is working on {id}, or has begun to destroy it, so part of it may already be gone. The request was recorded; check with `sweeper explain {id}`."
        ),
    )
}

/// Records that are there and cannot be read.
#[must_use]
pub fn list_with_gaps<'a>(subjects: impl Iterator<Item = &'a String>) -> Diagnostic {
    let named: Vec<&str> = subjects.map(String::as_str).collect();
    at(
        AttributePath::root(),
        Title::ListWithGaps,
        format!(
            "The ledger holds records that cannot be read, so this list may be incomplete: {}. `sweeper list` says why.",
            named.join(", ")
        ),
    )
}

/// A word that is no phase to look for.
#[must_use]
pub fn invalid_phase(error: &PhaseError) -> Diagnostic {
    refused(Title::InvalidPhase, AttributePath::new("phase"), error)
}
