//! What the crate promises to the provider, against a scripted issuer.

#![expect(
    clippy::disallowed_methods,
    reason = "a test breaks the files of the cache"
)]

#[path = "../../../../tests/src/issuer.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared with the acceptance tests; each uses its part"
)]
mod issuer;
mod keys;
