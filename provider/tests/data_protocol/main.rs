//! Data sources and functions over the protocol, in process: what Terraform cannot easily be made to send, and what the
//! ledger holds that Terraform did not write. The same under real terraform is in the acceptance tests.

#![expect(
    clippy::disallowed_methods,
    reason = "a test prepares and removes the files that are read"
)]

#[path = "../common/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
mod common;
#[path = "../driver/mod.rs"]
#[expect(
    dead_code,
    unreachable_pub,
    reason = "shared by all suites; each uses its part"
)]
mod driver;

mod environment;
mod environments;
mod functions;
mod lease;
