//! Diagnostics on the address of the state.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, member};

/// A part of `state` that says nothing.
#[must_use]
pub fn empty_in_state(part: &'static str, example: &str) -> Diagnostic {
    at(
        member("state", part),
        Title::InvalidStateAddress,
        format!("`{part}` may not be empty. Name one, for example `{example}`."),
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
            "`{key}` is not a setting that says where a `{backend}` state is, and it could be a secret, so it may not \
             stand here. Leave it out; the sweeper takes credentials from its own surroundings."
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
            "Where this state is could not be found out: {cause}. The lifetime is recorded, but nothing can be swept \
             until it is known. Say it, for example `state = {{ backend = \"local\", config = {{ path = \
             \"/srv/shop/terraform.tfstate\" }} }}`."
        ),
    )
}
