//! The services on a stream of connections. Knows HTTP/2, and neither listeners nor any resource.

use std::convert::Infallible;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_stream::{Stream, StreamExt as _};
use tonic::transport::server::Connected;

use super::go_plugin::{Controller, Silent};
use crate::definition::ProviderDefinition;
use crate::proto::plugin::grpc_broker_server::GrpcBrokerServer;
use crate::proto::plugin::grpc_controller_server::GrpcControllerServer;
use crate::proto::plugin::grpc_stdio_server::GrpcStdioServer;
use crate::proto::tfplugin6::provider_server::ProviderServer;
use crate::server::Server;
use crate::stop::StopSwitch;

/// The limit of Terraform's own client. tonic's default of 4 MiB is reached by a plan of 1.4 MiB, which carries the
/// prior, the proposed and the configured value.
const MAX_MESSAGE: usize = 256 << 20;

/// Serves the provider, and what go-plugin expects beside it, until `end` and then until the calls under way are
/// answered.
pub(super) async fn serve<D, C>(
    server: Server<D>,
    connections: impl Stream<Item = C>,
    end: &Arc<StopSwitch>,
) where
    D: ProviderDefinition,
    C: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
    C::ConnectInfo: Clone + Send + Sync + 'static,
{
    let controller = Controller {
        shutdown: server.shutdown(),
        end: Arc::clone(end),
    };
    let provider = ProviderServer::new(server)
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(MAX_MESSAGE);
    let services = tonic::transport::Server::builder()
        .add_service(provider)
        .add_service(GrpcControllerServer::new(controller))
        .add_service(GrpcStdioServer::new(Silent(end.watch())))
        .add_service(GrpcBrokerServer::new(Silent(end.watch())));
    let connections = connections.map(Ok::<_, Infallible>);
    let ended = end.watch();
    let served = services
        .serve_with_incoming_shutdown(connections, ended.raised())
        .await;
    if let Err(error) = served {
        tracing::warn!("serving ended early: {error}");
    }
}
