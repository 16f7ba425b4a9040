//! Diagnostics on what is kept for a destroy.

use tf_provider::{AttributePath, Diagnostic};

use super::at;

/// What could not be copied for the destroy.
#[must_use]
pub fn incomplete_capture(gaps: &[String]) -> Diagnostic {
    at(
        AttributePath::root(),
        "Destroy May Need Help",
        format!(
            "Not everything a later destroy may need could be kept beside the lifetime: {}.",
            gaps.join("; ")
        ),
    )
}
