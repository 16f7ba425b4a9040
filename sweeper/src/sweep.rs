//! The one path from "it is time" to "it is gone", whoever asked: observe, plan, claim, look again, act, prove.
//!
//! A timer, a webhook and a person call the same functions, and none of them brings facts along.

pub mod backoff;
mod claimed;
mod earlier;
pub mod engines;
mod entries;
pub mod execute;
pub mod heartbeat;
mod hooks;
mod inputs;
mod job;
pub mod journal;
pub(crate) mod kept;
pub mod left;
pub mod leftovers;
pub mod memory;
pub mod observe;
pub mod outcome;
pub mod pass;
pub mod plan;
pub mod progress;
pub mod render;
pub mod runs;
#[cfg(test)]
mod sample;
pub mod seen;
pub mod turn;
