//! The wire: Terraform's plugin protocol, version 6, spoken for whatever [`ProviderDefinition`] it is given. tf-provider
//! lends its traits and types (`Resource`, `Value`, `Schema`, `Diagnostics`); everything on the wire is ours.
//!
//! | part | knows |
//! |---|---|
//! | `raw`, `place`, `shape`, `rules`, `open`, `typed` | values: encoding, shape, who sets what, what is unknown, Rust types |
//! | `schema`, `report`, `panic` | schemas, diagnostics and panics as messages |
//! | `managed`, `ephemeral`, `data_source`, `function`, `listable`, `action`, `extras` | types behind object-safe faces |
//! | `identity` | what tells two objects of a type apart |
//! | `arguments` | the arguments of a function, held to its signature |
//! | `definition`, `configured`, `stop` | what a provider says about itself, and what it is told |
//! | `server` | what each call means |
//! | `process` | the process: cookie, socket, certificate, handshake, signals, log |
//!
//! Invariant: nothing here knows an environment, a lease or the ledger.

mod action;
mod arguments;
mod configured;
mod data_source;
mod definition;
mod ephemeral;
mod extras;
mod function;
mod identity;
mod listable;
mod managed;
mod open;
mod panic;
mod place;
mod process;
pub mod proto;
mod raw;
mod reader;
mod report;
mod rules;
mod schema;
mod server;
mod shape;
mod stop;
mod typed;

pub use action::{Action, Invocable, Progress, action};
pub use configured::Configured;
pub use data_source::{Readable, data_source};
pub use definition::{NoMeta, NoPrivate, PATIENCE_AT_THE_END, ProviderDefinition, Session};
pub use ephemeral::{EphemeralResource, Openable, Opened, Renewed, ephemeral_resource};
pub use extras::ResourceExtras;
pub use function::{Callable, function};
pub use identity::{IdentityPart, IdentitySchema, ObjectIdentity};
pub use listable::{ListResource, Listable, Listed, Wanted, list_resource};
pub use managed::{Managed, Stored, managed};
pub use process::{About, run};
pub use raw::Raw;
pub use report::Report;
pub use server::Server;
pub use stop::Stop;
