//! The protocol's server: what each call means for a [`ProviderDefinition`]. Knows messages and outcomes; knows nothing
//! of processes, sockets and handshakes (`plugin`), nor of any resource.
//!
//! Invariant: no request, however broken, ends in a panic or a transport error; it ends in diagnostics.

mod absent;
mod answer;
mod apply;
mod call;
mod change;
mod configure;
mod describe;
mod ephemeral;
mod generate;
mod identity;
mod import;
mod invoke;
mod list;
mod plan;
mod read;
mod registry;
mod relocate;
mod rpc;
mod shutdown;
mod upgrade;
mod validate;

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

    /// The end of the definition's life, for whoever ends the process.
    pub(crate) fn shutdown(&self) -> Arc<Shutdown<D>> {
        Arc::clone(&self.shutdown)
    }
}
