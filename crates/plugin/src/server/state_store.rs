//! State stores, of which there are none. None is announced in the schema, so no client should ask; one that does is told so
//! in the way the call has for errors.

use tf_provider::Diagnostics;

use super::answer::Answer;
use crate::table::no_such;

/// There is no state store `name`, whatever is asked of it.
pub(super) fn none<R>(name: &str, diags: &mut Diagnostics) -> Option<R> {
    no_such("State Store", "state store", name, diags);
    None
}

/// The same as a whole answer.
pub(super) fn answer<R: Answer>(name: &str) -> R {
    let mut diags = Diagnostics::default();
    none::<R>(name, &mut diags)
        .unwrap_or_default()
        .carrying(diags)
}
