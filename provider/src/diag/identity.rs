//! Diagnostics about who runs this.

use tf_provider::{AttributePath, Diagnostic};

use super::{Title, at, sentence};
use ::identity::{InvalidToken, Unchecked};

/// A token that must not be believed.
#[must_use]
pub fn token_refused(problem: &InvalidToken) -> Diagnostic {
    at(
        AttributePath::new("identity"),
        Title::TokenRefused,
        format!(
            "The identity token is not valid: {problem}. Nothing was changed. Request a new token for this audience from an issuer that the provider's `identity` attribute trusts; or remove the token, and the identity is recorded as claimed."
        ),
    )
}

/// A token that could not be had or checked.
#[must_use]
pub fn identity_not_verified(doubt: &Unchecked) -> Diagnostic {
    at(
        AttributePath::new("identity"),
        Title::IdentityNotVerified,
        format!(
            "The identity of this run could not be verified: {}. It is recorded as claimed. Run again when the issuer answers; to refuse such runs, set `required = true` in the provider's `identity` attribute.",
            sentence(&doubt.to_string())
        ),
    )
}

/// The configuration wants a verified identity, and there is none.
#[must_use]
pub fn identity_required(doubt: Option<&Unchecked>) -> Diagnostic {
    let why = doubt.map_or_else(
        || "no token is available here".to_owned(),
        ToString::to_string,
    );
    at(
        AttributePath::root(),
        Title::IdentityRequired,
        format!(
            "The provider's `identity` attribute (or EPHEMERAL_IDENTITY_REQUIRED) requires a verified identity, and \
             there is none: {why}. Nothing was created or changed. In GitHub Actions, give the job `permissions: \
             {{ id-token: write }}`; in GitLab CI, give it `id_tokens` with the variable EPHEMERAL_ID_TOKEN; elsewhere, \
             name a file with `token_file`."
        ),
    )
}
