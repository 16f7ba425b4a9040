//! go-plugin's own services: the goodbye that ends the server, and two streams that stay open and silent until then.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming, async_trait};

use crate::wire::proto::plugin as proto;
use crate::wire::stop::{Stop, StopSwitch};
use proto::grpc_broker_server::GrpcBroker;
use proto::grpc_controller_server::GrpcController;
use proto::grpc_stdio_server::GrpcStdio;

/// `GRPCController`: raises the switch that ends the server.
pub(super) struct Controller(pub(super) std::sync::Arc<StopSwitch>);

#[async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _: Request<proto::Empty>) -> Result<Response<proto::Empty>, Status> {
        tracing::debug!("goodbye");
        self.0.raise();
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
            // The stream ends when its sender is dropped, at the goodbye or when the client has hung up.
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
