//! Data sources and functions over the protocol, in process: what Terraform cannot easily be made to send, and what the
//! ledger holds that Terraform did not write. The same under real terraform is in the acceptance tests.

mod environment;
mod environments;
pub(crate) mod functions;
mod lease;
