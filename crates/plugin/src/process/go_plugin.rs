//! go-plugin's own services: the shutdown that ends the server, and two streams that stay open and silent until then.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming, async_trait};

use crate::definition::ProviderDefinition;
use crate::proto::plugin as proto;
use crate::server::Shutdown;
use crate::stop::{Stop, StopSwitch};
use proto::grpc_broker_server::GrpcBroker;
use proto::grpc_controller_server::GrpcController;
use proto::grpc_stdio_server::GrpcStdio;

/// `GRPCController`: lets the definition finish, then raises the switch that ends the server.
///
/// A client waits for the answer, and kills the process two seconds after it; so everything is done before.
pub(super) struct Controller<D> {
    pub(super) shutdown: Arc<Shutdown<D>>,
    pub(super) end: Arc<StopSwitch>,
}

#[async_trait]
impl<D: ProviderDefinition> GrpcController for Controller<D> {
    async fn shutdown(&self, _: Request<proto::Empty>) -> Result<Response<proto::Empty>, Status> {
        tracing::debug!("shutdown");
        self.shutdown.run().await;
        self.end.raise();
        Ok(Response::new(proto::Empty {}))
    }
}

/// `GRPCStdio` and `GRPCBroker`: streams without a message. Clients that find them missing complain in the log.
pub(super) struct Silent(pub(super) Stop);

type Silence<T> = ReceiverStream<Result<T, Status>>;

impl Silent {
    fn until_the_end<T: Send + 'static>(&self) -> Response<Silence<T>> {
        let (sender, receiver) = mpsc::channel(1);
        let end = self.0.clone();
        tokio::spawn(async move {
            // The stream ends when its sender is dropped, at the shutdown or when the client has hung up.
            tokio::select! {
                () = end.raised() => {}
                () = sender.closed() => {}
            }
        });
        Response::new(ReceiverStream::new(receiver))
    }
}

#[async_trait]
impl GrpcStdio for Silent {
    type StreamStdioStream = Silence<proto::StdioData>;

    async fn stream_stdio(
        &self,
        _: Request<()>,
    ) -> Result<Response<Self::StreamStdioStream>, Status> {
        Ok(self.until_the_end())
    }
}

#[async_trait]
impl GrpcBroker for Silent {
    type StartStreamStream = Silence<proto::ConnInfo>;

    async fn start_stream(
        &self,
        _: Request<Streaming<proto::ConnInfo>>,
    ) -> Result<Response<Self::StartStreamStream>, Status> {
        Ok(self.until_the_end())
    }
}
