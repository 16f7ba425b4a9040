//! Diagnostics on what is kept for a destroy.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};

/// The most lines of one warning, so that it stays readable.
const MOST_LINES: usize = 50;

/// A part of the configuration could not be copied for the destroy.
#[must_use]
pub fn incomplete_capsule(gaps: &[String]) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::IncompleteCapsule,
        format!(
            "The capsule for a later destroy is incomplete: {}.",
            gaps.join("; ")
        ),
    )
}

/// The destroy will be blocked or limited by `protected` resources and files, and provisioners that run at destroy and
/// are `lost`, because no capsule holds them.
#[must_use]
pub fn will_resist(protected: &[String], lost: &[String]) -> Diagnostic {
    let protected = protected.iter().map(|one| {
        format!("\n  - {one}: the sweeper keeps the environment by its rule `protection`")
    });
    let lost = lost.iter().map(|one| {
        format!("\n  - {one}: a provisioner with `when = destroy` needs the configuration, which could not be kept")
    });
    let mut lines: Vec<String> = protected.chain(lost).collect();
    let more = lines.len().saturating_sub(MOST_LINES);
    if more != 0 {
        lines.truncate(MOST_LINES);
        lines.push(format!("\n  - and {more} more"));
    }
    at(
        AttributePath::root(),
        Title::WillResist,
        format!(
            "The configuration will block or limit the destroy when the lifetime ends:{}\n\nRemove `prevent_destroy` from `lifecycle`, and fix what cannot be read or kept. Keep what is meant to stay in a state of its own.",
            lines.concat()
        ),
    )
}
