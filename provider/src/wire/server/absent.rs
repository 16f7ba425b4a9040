//! The parts of the protocol this provider has nothing for: list resources, actions, state
//! stores. Nothing of them is announced in the schema, so no client should ask; one that does is told so
//! in the way the call has for errors.

use tf_provider::Diagnostics;

use super::answer::Carrier;
use super::registry::no_such;

/// There is no list resource type `name`.
pub(super) fn list<R: Carrier>(name: &str) -> R {
    absent("List Resource", "list resource type", name)
}

/// There is no action type `name`.
pub(super) fn action<R: Carrier>(name: &str) -> R {
    absent("Action", "action type", name)
}

/// There is no state store `name`.
pub(super) fn store<R: Carrier>(name: &str) -> R {
    absent("State Store", "state store", name)
}

/// No resource type writes its own configuration.
pub(super) fn generator<R: Carrier>(name: &str) -> R {
    absent(
        "Configuration Generator",
        "resource type that writes its own configuration",
        name,
    )
}

fn absent<R: Carrier>(title: &str, noun: &str, name: &str) -> R {
    let mut diags = Diagnostics::default();
    no_such(title, noun, name, &mut diags);
    R::carrying(diags)
}
