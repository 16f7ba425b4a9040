//! Diagnostics on data sources: what was asked for, and what was found.

use std::fmt::Display;

use ledger::fact::Cause;
use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, refused};

/// Neither of two attributes says which record is meant.
#[must_use]
pub fn nothing_selected(attribute: &'static str, other: &'static str) -> Diagnostic {
    at(
        AttributePath::new(attribute),
        Title::NothingSelected,
        format!("No record is selected. Set `{attribute}` or `{other}`."),
    )
}

/// Two attributes that exclude each other.
#[must_use]
pub fn selected_twice(attribute: &str, other: &'static str) -> Diagnostic {
    at(
        AttributePath::new(attribute.to_owned()),
        Title::SelectedTwice,
        format!(
            "`{attribute}` conflicts with `{other}`, which already selects one record. Remove one of them."
        ),
    )
}

/// A text that is no id.
#[must_use]
pub fn invalid_id(attribute: &'static str, kind: &str, example: &str) -> Diagnostic {
    at(
        AttributePath::new(attribute),
        Title::InvalidId,
        format!(
            "The value is not the id of a record of this kind ({kind}). Write it as `{example}`."
        ),
    )
}

/// A part of a selector or filter that cannot be understood.
#[must_use]
pub fn invalid_selector(attribute: AttributePath, error: &impl Display) -> Diagnostic {
    refused(Title::InvalidSelector, attribute, error)
}

/// The ledger has no such record. `hint` is a sentence with a space before it, or nothing; `list` shows what there is.
#[must_use]
pub fn nothing_found(
    attribute: &'static str,
    what: &str,
    hint: &str,
    list: &'static str,
) -> Diagnostic {
    at(
        AttributePath::new(attribute),
        Title::NothingFound,
        format!(
            "The ledger has no {what}.{hint} `{list}` shows the living ones. If this configuration creates it, refer to the resource instead."
        ),
    )
}

/// The selector fits several.
#[must_use]
pub fn more_than_one(attribute: AttributePath, kind: &str, ids: &[&str]) -> Diagnostic {
    at(
        attribute,
        Title::MoreThanOne,
        format!(
            "The selector matches several {kind}: {}. Narrow it, or select one by `id`.",
            ids.join(", ")
        ),
    )
}

/// Records that cannot be read, one of which may be what is asked for.
#[must_use]
pub fn unreadable_records(records: &[(String, Cause)]) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::UnreadableRecords,
        format!(
            "The ledger holds records that this version of the provider cannot read and that may match: {}. Use a version at least as new as the one that wrote them, or see what is wrong with \
             `sweeper list`.",
            named(records)
        ),
    )
}

/// Records that cannot be read, in an answer that was wanted nevertheless.
#[must_use]
pub fn records_left_out(records: &[(String, Cause)]) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::RecordsLeftOut,
        format!(
            "The result may be incomplete, because these records cannot be read: {}. Use a version at least as \
             new as the one that wrote them.",
            named(records)
        ),
    )
}

fn named(records: &[(String, Cause)]) -> String {
    let records: Vec<String> = records
        .iter()
        .map(|(subject, cause)| format!("{subject} ({cause})"))
        .collect();
    records.join("; ")
}
