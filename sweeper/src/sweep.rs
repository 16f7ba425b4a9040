//! The one path from "it is time" to "it is gone", whoever asked: observe, plan, claim, look again, act, prove.
//!
//! A timer, a webhook and a person call the same functions, and none of them brings facts along.

pub mod execute;
pub mod exit_summary;
pub mod first_sighting;
pub mod memory;
pub mod pass;
pub mod plan;
pub mod progress;
pub mod render;
pub mod runs;
#[cfg(test)]
mod sample;
