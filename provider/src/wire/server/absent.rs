//! The parts of the protocol this provider has nothing for: ephemeral resources, list resources, actions, state
//! stores, identities. Nothing of them is announced in the schema, so no client should ask; one that does is told so
//! in the way the call has for errors.

use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::no_such;

/// The response that says there is no such type.
pub(super) fn absent<R: Carrier>(title: &str, noun: &str, name: &str) -> R {
    let mut diags = Diagnostics::default();
    no_such(title, noun, name, &mut diags);
    R::carrying(diags)
}
