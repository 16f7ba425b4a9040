//! Bounded waiting. It asks whether something *is* so, again and again, and never whether it has just happened.

use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(20);

/// Waits until `condition` holds. `what` names it: "the provider process is gone".
///
/// # Panics
/// When it does not hold within `limit`.
#[track_caller]
pub fn wait_for(what: &str, limit: Duration, mut condition: impl FnMut() -> bool) {
    wait_for_some(what, limit, || condition().then_some(()));
}

/// Waits until `question` has an answer, and returns it. `what` names it: "the id of the provider process".
///
/// # Panics
/// When there is none within `limit`.
#[track_caller]
pub fn wait_for_some<T>(what: &str, limit: Duration, mut question: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = question() {
            return answer;
        }
        assert!(
            start.elapsed() < limit,
            "waited {limit:?} in vain for: {what}"
        );
        std::thread::sleep(PAUSE);
    }
}
