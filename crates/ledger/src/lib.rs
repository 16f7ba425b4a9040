//! The vocabulary, every decision and the durable book of ephemeral environments and leases.
//!
//! Nouns know nothing, decisions know nouns, the book knows both.
//!
//! Invariant: outside [`book`] and [`clock::SystemClock`] this crate reads no clock, file, environment or network.
//! `now` is an argument.
//! Invariant: outside [`book`] this crate is synchronous.
//! Invariant: nothing but [`stored`] derives `Serialize`; the types the code thinks in are never what is stored.

// Nouns: parse-only.
pub mod change_request;
pub mod clock;
pub mod environment;
pub mod event;
pub mod fact;
pub mod id;
pub mod identity;
pub mod inventory;
pub mod lease;
pub mod lifetime;
pub mod reason;
pub mod record;
pub mod run;
pub mod scope;
pub mod state_address;
pub mod tags;
pub mod ttl;

// Decisions: pure, total, `now` an argument.
pub mod brake;
pub mod chain;
pub mod judge;
pub mod liveness;
pub mod phase;
pub mod plan;
pub mod request;

// What is written down, and where.
pub mod book;
pub mod stored;
