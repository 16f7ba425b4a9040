//! Terraform's plugin protocol, version 6, served for any [`ProviderDefinition`]. tf-provider lends its traits and types
//! (`Resource`, `Value`, `Schema`, `Diagnostics`); everything between them and the client is ours.
//!
//! | part | holds |
//! |---|---|
//! | `raw`, `place`, `nesting`, `shape`, `rules`, `open`, `typed` | values: encoding, shape, who sets what, what is unknown, Rust types |
//! | `schema`, `report`, `panic` | schemas, diagnostics and panics as messages |
//! | `resource`, `data_source`, `ephemeral_resource`, `list_resource`, `action`, `function` | one kind of type each, for a server that knows none of its Rust types |
//! | `resource_identity`, `arguments` | the identity of a resource; the arguments of a function, held to its signature |
//! | `table`, `types` | the same table for every kind; all of them |
//! | `definition`, `configured`, `stop` | what a provider says about itself, and what it is told |
//! | `server` | what each call means |
//! | `process` | the process: cookie, listener, certificate, handshake, signals, log |
//! | `proto` | the generated messages and services |
//!
//! Invariant: nothing here knows an environment, a lease or the ledger.

mod action;
mod arguments;
mod configured;
mod data_source;
mod definition;
mod ephemeral_resource;
mod function;
mod list_resource;
mod nesting;
mod open;
mod panic;
mod place;
mod process;
pub mod proto;
mod raw;
mod report;
mod resource;
mod resource_identity;
mod rules;
mod schema;
mod server;
mod shape;
mod stop;
mod table;
mod typed;
mod types;

pub use action::{Action, Progress};
pub use configured::Configured;
pub use definition::{NoMeta, NoPrivate, PATIENCE_AT_THE_END, ProviderDefinition, Session};
pub use ephemeral_resource::{EphemeralResource, Opened, Renewed};
pub use list_resource::{ListResource, Listed, Wanted};
pub use process::{About, run};
pub use report::Report;
pub use resource::ResourceExtras;
pub use resource_identity::{IdentityPart, IdentitySchema, ObjectIdentity};
pub use server::Server;
pub use stop::Stop;
pub use types::{Described, Kind, Types};
