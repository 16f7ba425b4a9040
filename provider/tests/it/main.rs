//! The provider from outside: every call of the protocol in process and over the real executable, and the pages that its
//! schemas and sources make. One binary, so that it is linked once. Real terraform is in the acceptance tests.

#![expect(
    clippy::disallowed_methods,
    reason = "a test prepares, reads and removes files, and ends what it started"
)]

mod common;
mod data;
mod diagnostics;
mod docs_fresh;
#[path = "../../../crates/plugin/tests/it/driver/mod.rs"]
mod driver;
mod environment;
mod handshake;
mod hostile;
mod identity;
#[path = "../../../tests/src/issuer.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared with the acceptance tests; each uses its part"
)]
mod issuer;
mod lease;
mod problems;
mod process;
mod run;
mod transport;
