//! Destroys what is expired, and proves it.
//!
//! Typed becomes meant, meant becomes wired: [`cli`] and [`config`] parse, [`world`] opens, [`commands`] run. What is
//! decided is decided in the crate `ledger`.
//!
//! Invariant: only [`surroundings`] reads the environment of the process, only [`screen`] writes to its streams.

pub mod cli;
pub mod commands;
pub mod config;
pub mod exit;
pub mod failure;
pub mod screen;
pub mod state;
pub mod stop;
pub mod surroundings;
pub mod teardown;
pub mod world;
