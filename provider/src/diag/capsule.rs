//! Diagnostics on what is kept for a destroy.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at};
use ::capsule::obstacle::Obstacle;

/// The most lines of one warning: past it, nobody reads.
const MOST_LINES: usize = 50;

/// What could not be copied for the destroy.
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

/// What the configuration says that will stand in the way of the destroy.
#[must_use]
pub fn will_resist(obstacles: &[Obstacle]) -> Diagnostic {
    let mut lines: String = obstacles
        .iter()
        .take(MOST_LINES)
        .map(|obstacle| format!("\n  - {obstacle}"))
        .collect();
    let more = obstacles.len().saturating_sub(MOST_LINES);
    if more != 0 {
        lines.push_str(&format!("\n  - and {more} more"));
    }
    at(
        AttributePath::root(),
        Title::WillResist,
        format!(
            "The configuration contains settings that will block or limit the destroy when the lifetime ends:{lines}\n\nChange them now, while each is one line of configuration. Keep what is meant to stay in a state of its own."
        ),
    )
}
