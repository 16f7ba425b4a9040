//! The sweeper from outside: the command line against a ledger, and the engine against states. One binary, so that it is
//! linked once.

#![expect(
    clippy::disallowed_methods,
    reason = "tests make their own files and start the binary"
)]

mod cli;
mod destroy;
