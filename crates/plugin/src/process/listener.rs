//! Where the client connects: a Unix socket that only its owner can reach, or, where there are none, a port that serves
//! only the client whose certificate is known. Knows nothing of what is served.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
#[cfg(unix)]
use tokio_stream::wrappers::UnixListenerStream;
use tokio_stream::{Stream, StreamExt as _};

use super::certificate::{Certificate, MutualError};
use super::serving::serve;
#[cfg(unix)]
use super::socket::{Socket, SocketError};
use super::tcp::{self, PortError};
use super::tls::secured;
use super::variables::Variables;
use crate::definition::ProviderDefinition;
use crate::server::Server;
use crate::stop::StopSwitch;

/// The pause after a connection that could not be accepted, for example for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// Why no client can connect.
#[derive(Debug, Error)]
pub(super) enum ListenerError {
    #[cfg(unix)]
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error(transparent)]
    Port(#[from] PortError),
    #[error("cannot tell which port was given: {0}")]
    Address(#[source] io::Error),
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error(transparent)]
    Mutual(#[from] MutualError),
    /// Every user of this host can reach a port.
    #[error(
        "a port of this host is open to all its users, so it serves only a client that shows its certificate, and \
         PLUGIN_CLIENT_CERT names none; unset TF_DISABLE_PLUGIN_TLS, and debug where there are Unix sockets"
    )]
    NoClientCertificate,
}

/// What listens already.
pub(super) struct Listener {
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// The path or the port.
    pub(super) address: String,
    /// Our certificate for the handshake line, if we speak TLS.
    pub(super) certificate: Option<Vec<u8>>,
    inner: Inner,
}

enum Inner {
    /// The socket with its directory, and TLS if the client wants it.
    #[cfg(unix)]
    Socket(Socket, UnixListener, Option<Arc<rustls::ServerConfig>>),
    /// A port on 127.0.0.1, and whom to let in.
    Port(TcpListener, Arc<rustls::ServerConfig>),
}

impl Listener {
    /// Listens where `variables` ask for. `secured` is whether a client that wants TLS shall have it.
    ///
    /// # Errors
    /// Nothing can be bound, or the one client could not be told from others.
    pub(super) async fn bind(variables: &Variables, secured: bool) -> Result<Self, ListenerError> {
        let client = variables.client_certificate.as_deref();
        let client = client.filter(|_| secured);
        let certificate = client.map(|_| Certificate::fresh()).transpose()?;
        #[cfg(unix)]
        if !(variables.wants_tcp && secured) {
            let (socket, listener) = Socket::bind(variables)?;
            let tls = certificate.as_ref().map(Certificate::for_anyone);
            return Ok(Self {
                network: "unix",
                address: socket.path().display().to_string(),
                inner: Inner::Socket(socket, listener, tls.transpose()?),
                certificate: certificate.map(|certificate| certificate.der),
            });
        }
        let (Some(client), Some(certificate)) = (client, certificate) else {
            return Err(ListenerError::NoClientCertificate);
        };
        let tls = certificate.for_client(client)?;
        let listener = tcp::bind(variables).await?;
        let address = listener.local_addr().map_err(ListenerError::Address)?;
        Ok(Self {
            network: "tcp",
            address: address.to_string(),
            inner: Inner::Port(listener, tls),
            certificate: Some(certificate.der),
        })
    }

    /// Serves until `end`, and then until the calls under way are answered.
    pub(super) async fn serve<D: ProviderDefinition>(
        self,
        server: Server<D>,
        end: &Arc<StopSwitch>,
    ) {
        match self.inner {
            #[cfg(unix)]
            Inner::Socket(socket, listener, tls) => {
                let connections = accepted(UnixListenerStream::new(listener));
                match tls {
                    Some(tls) => serve(server, secured(connections, tls), end).await,
                    None => serve(server, connections, end).await,
                }
                // Its directory is there for as long as a client can connect.
                drop(socket);
            }
            Inner::Port(listener, tls) => {
                let connections = accepted(tcp::connections(listener));
                serve(server, secured(connections, tls), end).await;
            }
        }
    }
}

/// The connections that could be accepted; tonic would end with the first that cannot.
fn accepted<C>(accepting: impl Stream<Item = io::Result<C>>) -> impl Stream<Item = C> {
    let accepting = accepting.then(|accepted| async {
        if let Err(error) = &accepted {
            tracing::warn!("a connection could not be accepted: {error}");
            tokio::time::sleep(PAUSE).await;
        }
        accepted.ok()
    });
    accepting.filter_map(|connection| connection)
}
