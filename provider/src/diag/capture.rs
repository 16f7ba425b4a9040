//! Diagnostics on what is kept for a destroy.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};

/// What could not be copied for the destroy.
#[must_use]
pub fn incomplete_capture(gaps: &[String]) -> Diagnostic {
    at(
        AttributePath::root(),
        Title::IncompleteCapture,
        format!(
            "Not everything a later destroy may need could be kept beside the lifetime: {}.",
            gaps.join("; ")
        ),
    )
}
