//! A port on this host, for clients without Unix sockets. Any local user can reach a port, so nothing is served there
//! but to the one client that is known: TLS 1.3, with its certificate.

use std::io;
use std::net::Ipv4Addr;
use std::ops::RangeInclusive;

use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::wrappers::TcpListenerStream;
use tokio_stream::{Stream, StreamExt as _};

use super::variables::Variables;

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
pub(super) async fn bind(variables: &Variables) -> Result<TcpListener, PortError> {
    let ports: RangeInclusive<u16> = variables.ports();
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

/// The connections to `listener`.
pub(super) fn connections(
    listener: TcpListener,
) -> impl Stream<Item = io::Result<TcpStream>> + Send + 'static {
    TcpListenerStream::new(listener).map(|accepted| {
        let stream = accepted?;
        // Without it each call waits for Nagle; where it cannot be set, it is only slower.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    })
}
