//! The one path from "it is time" to "it is gone": [`cycle::cycle`]. Prints nothing, and knows no screen.
//!
//! A timer, a webhook and a person call the same function, and none of them brings facts along.

pub mod cycle;
mod execute;
pub mod exit_summary;
mod first_sighting;
mod memory;
mod notices;
mod pass;
mod plan;
pub mod report;
pub mod request;
mod runs;
#[cfg(test)]
mod sample;
