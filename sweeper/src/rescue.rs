//! States that could not be saved: sealed, and kept on this host until `act` brings them back.
//!
//! Knows files, keys and states. Knows no ledger, no claim and no teardown.

pub mod keep;
pub mod kept_state;
pub mod seal;
pub mod seal_key;
