//! The Terraform provider: environments and leases with a lifetime.
//!
//! Invariant: this crate records and answers; it destroys nothing outside the ledger.

pub mod action;
pub mod attributes;
pub mod config;
pub mod context;
pub mod data;
pub mod diag;
pub mod docs;
pub mod environment;
pub mod function;
pub mod invocation;
pub mod lease;
pub mod list;
pub mod run_lease;
pub mod settings;

mod ephemeral;
mod object;
mod private;
mod update;

use std::process::ExitCode;

pub use ephemeral::Ephemeral;

/// The addresses the provider is published under: the same build, so that both type prefixes need no `provider =`.
pub const ADDRESSES: [&str; 2] = [
    "ephemeral-environments/ephemeral",
    "ephemeral-environments/ttl",
];

/// The description of the executable.
pub const ABOUT: plugin::About = plugin::About {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    registry: "registry.terraform.io",
    addresses: &ADDRESSES,
};

/// The executable: serves [`Ephemeral`] to the Terraform or OpenTofu that started it.
pub fn run() -> ExitCode {
    let arguments = std::env::args().skip(1);
    plugin::run(ABOUT, arguments, || {
        Ephemeral::within(invocation::Invocation::of_process())
    })
}
