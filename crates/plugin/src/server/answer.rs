//! How every call is answered: its panics become diagnostics, an answer of nothing gets a reason, and the diagnostics go into
//! the field that the response has for them.

use std::future::Future;

use tf_provider::Diagnostics;
use tonic::{Response, Status};

use crate::panic::caught;
use crate::table::explain_nothing;

/// A response that can say what went wrong.
pub(super) trait Answer: Default {
    /// The response with these diagnostics.
    fn carrying(self, diagnostics: Diagnostics) -> Self;
}

/// Runs the handler of the RPC `call`, which is `step` in the words of a user.
pub(super) async fn answer<R: Answer>(
    call: &'static str,
    step: &'static str,
    handler: impl Future<Output = (Option<R>, Diagnostics)>,
) -> Result<Response<R>, Status> {
    tracing::trace!(call, "called");
    let (response, mut diags) = caught(handler).await.unwrap_or_else(|panicked| {
        let mut diags = Diagnostics::default();
        panicked.report(call, &mut diags);
        (None, diags)
    });
    if response.is_none() {
        explain_nothing(step, &mut diags);
    }
    tracing::debug!(call, "answered");
    Ok(Response::new(response.unwrap_or_default().carrying(diags)))
}
