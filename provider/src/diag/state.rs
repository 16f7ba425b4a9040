//! Diagnostics on the address of the state.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, member};

/// A part of `state` that says nothing.
#[must_use]
pub fn empty_in_state(part: &'static str, example: &str) -> Diagnostic {
    at(
        member("state", part),
        Title::InvalidStateAddress,
        format!("`{part}` must not be empty. Set a value, for example `{example}`."),
    )
}

/// A setting of `state` without a value.
#[must_use]
pub fn state_setting_without_value(key: &str) -> Diagnostic {
    at(
        member("state", "config"),
        Title::InvalidStateAddress,
        format!("`{key}` has no value. Give it one, or leave it out."),
    )
}

/// A setting of `state` that may be a secret.
#[must_use]
pub fn state_setting_refused(backend: &str, key: &str) -> Diagnostic {
    at(
        member("state", "config"),
        Title::StateSettingRefused,
        format!(
            "`{key}` does not locate a `{backend}` state and could be a secret, so it is not accepted here. Remove it; the sweeper takes credentials from its own environment."
        ),
    )
}

/// The state's address could not be discovered.
#[must_use]
pub fn state_not_discovered(cause: &str) -> Diagnostic {
    at(
        AttributePath::new("state"),
        Title::StateNotDiscovered,
        format!(
            "The location of this state could not be discovered: {cause}. The lifetime is recorded, but nothing can be swept until the location is known. Set it, for example `state = {{ backend = \"local\", config = {{ path = \
             \"/srv/shop/terraform.tfstate\" }} }}`."
        ),
    )
}
