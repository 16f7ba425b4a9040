//! The words of every diagnostic: one constructor each, used once written.
//!
//! A summary is a title from `table`, without a value. A detail says what was being done, what was found and what to do
//! next. There is one file for each area; callers write `diag::name(…)` and need not know which.
//!
//! What a detail may repeat of what was typed, because a value that its author marked as sensitive arrives here without
//! the mark (`docs/decisions/0008-values-in-messages.md`): names, ids, owners, durations, choices, forges, repositories, numbers, addresses of states without their
//! secrets, the keys of tags and of settings, the kind of a ledger. Never: the value of a tag, of a trigger, of a setting
//! of `state`, of `team` or `project`, a token of any kind, a text that is no ledger's location.

mod action;
mod capsule;
mod configuration;
mod data;
mod environment;
mod function;
mod identity;
mod import;
mod lease;
mod ledger;
mod lifetime;
mod run_lease;
mod state;
pub mod table;
mod tags;
pub mod title;

use std::fmt::Display;

use tf_provider::{AttributePath, Diagnostic};

pub use self::action::*;
pub use self::capsule::*;
pub use self::configuration::*;
pub use self::data::*;
pub use self::environment::*;
pub use self::function::*;
pub use self::identity::*;
pub use self::import::*;
pub use self::lease::*;
pub use self::ledger::*;
pub use self::lifetime::*;
pub use self::run_lease::*;
pub use self::state::*;
use self::table::Title;
pub use self::tags::*;

fn at(attribute: AttributePath, title: Title, detail: String) -> Diagnostic {
    // Built literally: tf-provider's constructors would add a backtrace for the user to read.
    Diagnostic {
        summary: title.as_str().into(),
        detail: detail.into(),
        attribute,
    }
}

/// A value that one of the ledger's parsers refused, in the parser's words.
fn refused(title: Title, attribute: AttributePath, error: &impl Display) -> Diagnostic {
    at(
        attribute,
        title,
        format!("{}.", sentence(&error.to_string())),
    )
}

/// A member of a nested attribute. Terraform finds its line only through a key step.
#[must_use]
pub fn member(attribute: &'static str, member: &'static str) -> AttributePath {
    AttributePath::new(attribute).key(member)
}

/// `text` with a capital and without a full stop. An id at its beginning stays as it is, to be copied.
fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let first = text.split_whitespace().next().unwrap_or_default();
    if first.contains(|letter: char| letter.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
