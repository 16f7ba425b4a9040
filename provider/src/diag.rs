//! The words of every diagnostic: one constructor each, used once written.
//!
//! A summary is a title without a value. A detail says what was being done, what was found and what to do next.
//! One file for each area; callers write `diag::name(…)` and need not know which.

mod capture;
mod configuration;
mod environment;
mod import;
mod lease;
mod ledger;
mod lifetime;
mod state;
mod tags;

use tf_provider::{AttributePath, Diagnostic};

pub use self::capture::incomplete_capture;
pub use self::configuration::{empty_element, incomplete_plan, invalid, invalid_variable};
pub use self::environment::{missing_owner, name_in_use, name_used_twice};
pub use self::import::{missing_id, nothing_to_import};
pub use self::lease::{over_maximum_ttl, past_maximum_ttl, unknown_environment};
pub use self::ledger::{another_ledger, ledger, ledger_dies_with_ci, ledger_not_known};
pub use self::lifetime::{
    already_over, being_destroyed, claim_is_over, over_maximum, renewed_past_the_end,
};
pub use self::state::{state_not_discovered, state_setting_refused};
pub use self::tags::{missing_tags, null_tag};

fn at(attribute: AttributePath, summary: &'static str, detail: String) -> Diagnostic {
    // Built literally: tf-provider's constructors would add a backtrace for the user to read.
    Diagnostic {
        summary: summary.into(),
        detail: detail.into(),
        attribute,
    }
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
