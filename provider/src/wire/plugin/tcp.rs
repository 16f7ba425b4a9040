//! A port on this host, for clients without Unix sockets. Any local user can reach a port, so nothing is served there
//! but to the one client that is known: TLS 1.3, with its certificate.

use std::io;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::wrappers::ReceiverStream;

use super::environment::Environment;

/// How long a client may take to prove who it is. A stranger that says nothing must not be waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pause after a connection that could not be taken, for example for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// Why there is no port.
#[derive(Debug, Error)]
pub(super) enum PortError {
    /// Every one is taken.
    #[error("no port from {first} to {last} on 127.0.0.1 is free: {source}")]
    NoneFree {
        /// The first that was tried.
        first: u16,
        /// The last that was tried.
        last: u16,
        /// Why the last could not be had.
        source: io::Error,
    },
}

/// Listens on the first free port of those the client named, on 127.0.0.1.
///
/// # Errors
/// None is free.
pub(super) async fn bind(environment: &Environment) -> Result<TcpListener, PortError> {
    let ports: RangeInclusive<u16> = environment.ports();
    let (first, last) = (*ports.start(), *ports.end());
    let mut cause = io::Error::from(io::ErrorKind::InvalidInput);
    for port in ports {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => cause = error,
        }
    }
    Err(PortError::NoneFree {
        first,
        last,
        source: cause,
    })
}

/// The connections of clients that proved who they are. Each proves it on its own time, so that none waits for another.
pub(super) fn connections(
    listener: TcpListener,
    tls: Arc<rustls::ServerConfig>,
) -> ReceiverStream<io::Result<TlsStream<TcpStream>>> {
    let (sender, receiver) = mpsc::channel(1);
    let acceptor = TlsAcceptor::from(tls);
    tokio::spawn(async move {
        loop {
            let connection = tokio::select! {
                () = sender.closed() => break,
                connection = listener.accept() => connection,
            };
            let Ok((stream, _)) = connection else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let (acceptor, sender) = (acceptor.clone(), sender.clone());
            tokio::spawn(async move {
                // Without it each call waits for Nagle; where it cannot be set, it is only slower.
                let _ = stream.set_nodelay(true);
                match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                    // It fails only when the server has ended.
                    Ok(Ok(proven)) => drop(sender.send(Ok(proven)).await),
                    Ok(Err(error)) => tracing::warn!("a connection was refused: {error}"),
                    Err(_) => tracing::warn!("a connection that proved nothing was dropped"),
                }
            });
        }
    });
    ReceiverStream::new(receiver)
}
