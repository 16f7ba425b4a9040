//! The protocol's server: what each call means for a [`ProviderDefinition`]. Knows messages and outcomes; knows nothing
//! of processes, sockets and handshakes (`process`), nor of any resource.
//!
//! Invariant: no request, however broken, ends in a panic or a transport error; it ends in diagnostics.

mod action;
mod answer;
mod apply;
mod change;
mod configure;
mod describe;
mod ephemeral_resource;
mod function;
mod generate;
mod import;
mod list;
mod move_state;
mod plan;
mod read;
mod registry;
mod resource_identity;
mod rpc;
mod shutdown;
mod state_store;
mod upgrade;

use std::sync::Arc;

use registry::Registry;
pub(crate) use shutdown::Shutdown;

use super::definition::ProviderDefinition;
use super::stop::StopSwitch;

/// A provider that answers the protocol. Implements the generated service trait, so that it can be called without a
/// process or a socket.
pub struct Server<D> {
    shutdown: Arc<Shutdown<D>>,
    registry: Arc<Registry>,
    stop: StopSwitch,
}

impl<D: ProviderDefinition> Server<D> {
    /// A server for `definition`. What is wrong with the definition is told with the schema.
    pub fn new(definition: D) -> Self {
        Self {
            registry: Arc::new(Registry::of(&definition)),
            shutdown: Arc::new(Shutdown::of(definition)),
            stop: StopSwitch::new(),
        }
    }

    /// The definition that is served.
    pub fn definition(&self) -> &D {
        self.shutdown.definition()
    }

    /// The end of the definition's life, for what ends the process.
    pub(crate) fn shutdown(&self) -> Arc<Shutdown<D>> {
        Arc::clone(&self.shutdown)
    }
}
