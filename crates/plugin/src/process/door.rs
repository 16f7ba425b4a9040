//! Where the client finds us: a Unix socket that only its owner can reach, or, where there are none, a port that serves
//! only the client whose certificate is known.

use std::net::SocketAddr;
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpListener;
#[cfg(unix)]
use tokio_stream::{StreamExt as _, wrappers::UnixListenerStream};

use super::certificate::{Certificate, MutualError};
#[cfg(unix)]
use super::connection::Connection;
use super::environment::Environment;
use super::serving::{Services, serve};
#[cfg(unix)]
use super::socket::{Socket, SocketError};
use super::tcp::{self, PortError};
use super::tls::secured;
use crate::definition::ProviderDefinition;
use crate::stop::Stop;

/// Why we cannot be reached.
#[derive(Debug, Error)]
pub(super) enum DoorError {
    #[cfg(unix)]
    #[error(transparent)]
    Socket(#[from] SocketError),
    #[error(transparent)]
    Port(#[from] PortError),
    #[error("cannot tell which port was given: {0}")]
    Address(#[source] std::io::Error),
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error(transparent)]
    Mutual(#[from] MutualError),
    /// Every user of this host can reach a port.
    #[error(
        "a port of this host is open to all its users, so it serves only a client that shows its certificate, and \
         PLUGIN_CLIENT_CERT names none; unset TF_DISABLE_PLUGIN_TLS, and debug where there are Unix sockets"
    )]
    Nobody,
}

/// Where we listen already.
pub(super) enum Door {
    /// A Unix socket.
    #[cfg(unix)]
    Socket {
        /// With the directory it lives in.
        socket: Socket,
        /// Takes connections.
        listener: tokio::net::UnixListener,
        /// For TLS, if the client wants it.
        secured: Option<(Certificate, Arc<rustls::ServerConfig>)>,
    },
    /// A port on 127.0.0.1.
    Port {
        /// Which.
        address: SocketAddr,
        /// Takes connections.
        listener: TcpListener,
        /// Ours.
        certificate: Certificate,
        /// Whom to let in.
        tls: Arc<rustls::ServerConfig>,
    },
}

impl Door {
    /// Opens the door that `environment` asks for. `secured` is whether a client that wants TLS shall have it.
    ///
    /// # Errors
    /// Nothing can be opened, or nobody could be told from anybody else.
    pub(super) async fn open(environment: &Environment, secured: bool) -> Result<Self, DoorError> {
        let client = environment
            .client_certificate
            .as_deref()
            .filter(|_| secured);
        #[cfg(unix)]
        if !(environment.wants_tcp && secured) {
            let (socket, listener) = Socket::bind(environment)?;
            let secured = match client {
                Some(_) => {
                    let certificate = Certificate::fresh()?;
                    let tls = certificate.for_anyone()?;
                    Some((certificate, tls))
                }
                None => None,
            };
            return Ok(Self::Socket {
                socket,
                listener,
                secured,
            });
        }
        let client = client.ok_or(DoorError::Nobody)?;
        let certificate = Certificate::fresh()?;
        let tls = certificate.for_client(client)?;
        let listener = tcp::bind(environment).await?;
        Ok(Self::Port {
            address: listener.local_addr().map_err(DoorError::Address)?,
            listener,
            certificate,
            tls,
        })
    }

    /// `unix` or `tcp`.
    pub(super) fn network(&self) -> &'static str {
        match self {
            #[cfg(unix)]
            Self::Socket { .. } => "unix",
            Self::Port { .. } => "tcp",
        }
    }

    /// The path or the port.
    pub(super) fn address(&self) -> String {
        match self {
            #[cfg(unix)]
            Self::Socket { socket, .. } => socket.path().display().to_string(),
            Self::Port { address, .. } => address.to_string(),
        }
    }

    /// Our certificate for the handshake line, if we speak TLS.
    pub(super) fn certificate(&self) -> Option<&[u8]> {
        match self {
            #[cfg(unix)]
            Self::Socket { secured, .. } => secured
                .as_ref()
                .map(|(certificate, _)| certificate.der.as_slice()),
            Self::Port { certificate, .. } => Some(&certificate.der),
        }
    }

    /// Serves until `end`, and then until the calls under way are answered.
    pub(super) async fn serve<D: ProviderDefinition>(self, services: Services<D>, end: Stop) {
        match self {
            #[cfg(unix)]
            Self::Socket {
                socket,
                listener,
                secured: tls,
            } => {
                let connections = UnixListenerStream::new(listener)
                    .map(|accepted| accepted.and_then(Connection::new));
                match tls {
                    Some((_, tls)) => serve(secured(connections, tls), services, end).await,
                    None => serve(connections, services, end).await,
                }
                // Its directory was there for as long as anybody could connect.
                drop(socket);
            }
            Self::Port { listener, tls, .. } => {
                serve(secured(tcp::connections(listener), tls), services, end).await;
            }
        }
    }
}
