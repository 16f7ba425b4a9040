//! Panics of handlers as diagnostics. A panic that reached the transport would show as a cancelled request with no
//! word of why, and would lose the state of what was being applied.

use std::any::Any;
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::panic::{self, AssertUnwindSafe};
use std::task::Poll;

use tf_provider::Diagnostics;

use super::report::Report;

thread_local! {
    /// Where the last panic of this thread happened; the payload does not say.
    static LAST_PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on a panic is one line: in the log if there is one, else on standard error, where Terraform looks for
/// lines that begin with `panic:`.
pub(crate) fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string);
        let message = message(info.payload());
        let shown = place.as_deref().unwrap_or("an unknown place");
        if tracing::enabled!(tracing::Level::ERROR) {
            tracing::error!(place = shown, "panic: {message}");
        } else {
            eprintln!("panic: {message}, at {shown}");
        }
        LAST_PLACE.with_borrow_mut(|last| *last = place);
    }));
}

/// What is left of a handler that panicked.
#[derive(Debug)]
pub(crate) struct Panicked {
    message: String,
    place: Option<String>,
}

impl Panicked {
    /// Puts the panic of the RPC or step `call` before the user.
    pub(crate) fn report(self, call: &str, diags: &mut Diagnostics) {
        let place = self.place.map(|place| format!(", at {place}"));
        diags.fail(
            "Provider Panicked",
            format!(
                "The provider panicked in {call}. This is a bug in the provider; please report it with this text: {}{}.",
                self.message,
                place.unwrap_or_default()
            ),
        );
    }
}

/// Runs `work` to its answer or its panic. The work is put aside first: handlers are large, and whatever waits for one
/// in place is larger by a copy of it at each level.
pub(crate) fn caught<T>(
    work: impl Future<Output = T>,
) -> impl Future<Output = Result<T, Panicked>> {
    let mut work = Box::pin(work);
    poll_fn(move |context| {
        // Whatever the handler was in the middle of is dropped with it; what it shares with others is behind locks
        // that are read through poison.
        match panic::catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(answer)) => Poll::Ready(Ok(answer)),
            Err(payload) => Poll::Ready(Err(Panicked {
                message: message(payload.as_ref()),
                place: LAST_PLACE.take(),
            })),
        }
    })
}

fn message(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
