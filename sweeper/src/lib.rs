//! Destroys expired environments, and proves that nothing is left.
//!
//! Typed becomes meant, meant becomes wired: [`cli`] and [`config`] parse, [`world`] opens, [`commands`] run. What is
//! decided is decided in the crate `ledger`.
//!
//! Invariant: only [`invocation`] reads the environment of the process, only [`screen`] writes to its streams.

pub mod act;
pub mod age;
pub mod cli;
pub mod commands;
pub mod config;
pub mod event_chain;
pub mod exit;
pub mod failure;
pub mod forge;
pub mod invocation;
pub mod json;
pub mod kind;
pub mod lookup;
pub mod notify;
pub mod observe;
pub mod outcome;
pub mod reporter;
pub mod rescue;
pub mod screen;
pub mod stop;
pub mod sweep;
pub mod table;
pub mod update;
pub mod world;
