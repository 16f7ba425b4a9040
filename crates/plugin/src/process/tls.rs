//! TLS on accepted connections. Knows neither whom to let in, which the configuration says, nor what is served.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt as _};

/// How long a client may take to prove who it is. A stranger that says nothing must not be waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connections of clients that proved who they are. Each proves it on its own time, so that none waits for another.
pub(super) fn secured<C: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    connections: impl Stream<Item = C> + Send + 'static,
    tls: Arc<rustls::ServerConfig>,
) -> ReceiverStream<TlsStream<C>> {
    let (sender, receiver) = mpsc::channel(1);
    let acceptor = TlsAcceptor::from(tls);
    tokio::spawn(async move {
        let mut connections = pin!(connections);
        loop {
            let connection = tokio::select! {
                () = sender.closed() => break,
                connection = connections.next() => connection,
            };
            let Some(connection) = connection else { break };
            let (acceptor, sender) = (acceptor.clone(), sender.clone());
            tokio::spawn(async move {
                match tokio::time::timeout(PATIENCE, acceptor.accept(connection)).await {
                    // It fails only when the server has ended.
                    Ok(Ok(proven)) => drop(sender.send(proven).await),
                    Ok(Err(error)) => tracing::warn!("a connection was refused: {error}"),
                    Err(_) => tracing::warn!("a connection that proved nothing was dropped"),
                }
            });
        }
    });
    ReceiverStream::new(receiver)
}
