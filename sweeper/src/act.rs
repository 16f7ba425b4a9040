//! Acting on one environment: claimed, looked at again, done, proven, written down. Everything under the claim.
//!
//! Decides nothing, and knows no plan of a whole sweep.

pub mod backoff;
pub(crate) mod checkpoints;
pub(crate) mod claimed;
pub mod clis;
pub(crate) mod earlier_passes;
pub mod heartbeat;
mod inputs;
pub(crate) mod job;
pub mod journal;
pub(crate) mod journal_entries;
pub mod outcome;
pub mod slot;
