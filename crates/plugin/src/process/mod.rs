//! The process side: what go-plugin, HashiCorp's plugin library, expects of an executable. Knows nothing of what is
//! served.
//!
//! Invariant: after the start nothing is written to standard output but the handshake line; whatever comes before it
//! breaks the handshake, whatever comes after it is lost.

mod certificate;
mod go_plugin;
mod handshake;
mod listener;
mod log;
mod pinned_client;
mod run;
mod serving;
mod signals;
#[cfg(unix)]
mod socket;
mod tcp;
mod tls;
mod variables;

pub use run::{About, run};
