//! Actions: what a person may ask of one record from a configuration, as `sweeper extend` and `sweeper hold` do from a
//! command line. The decisions are the ledger's, so both write the same and refuse the same.

mod arguments;
mod extend;
mod hold;
mod update;

pub use extend::{ExtendEnvironment, ExtendLease};
pub use hold::HoldEnvironment;
pub use update::Requested;
