//! The part of the protocol this provider has nothing for: state stores. None is announced in the schema, so no client
//! should ask; one that does is told so in the way the call has for errors.

use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::no_such;

/// There is no state store `name`.
pub(super) fn store<R: Carrier>(name: &str) -> R {
    absent("State Store", "state store", name)
}

fn absent<R: Carrier>(title: &str, noun: &str, name: &str) -> R {
    let mut diags = Diagnostics::default();
    no_such(title, noun, name, &mut diags);
    R::carrying(diags)
}
