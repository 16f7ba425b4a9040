//! Destroys what is expired, and proves it.
//!
//! Typed becomes meant, meant becomes wired: [`cli`] and [`config`] parse, [`world`] opens, [`commands`] run. What is
//! decided is decided in the crate `ledger`.
//!
//! Invariant: only [`surroundings`] reads the environment of the process, only [`screen`] writes to its streams.

pub mod age;
pub mod change;
pub mod cli;
pub mod commands;
pub mod config;
pub mod exit;
pub mod failure;
pub mod json;
pub mod named;
pub mod screen;
pub mod state;
pub mod stop;
pub mod surroundings;
pub mod sweep;
pub mod table;
pub mod teardown;
pub mod trail;
pub mod world;
