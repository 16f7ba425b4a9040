//! Connections in, answers out: HTTP/2 by hyper, and to each request its service, by the name in its path. Knows no
//! message.
//!
//! tonic's services are put on hyper as they are. tonic's own server would add a router for any HTTP and layers for
//! limits, deadlines and tracing that nothing here uses; a call of Terraform comes every few milliseconds, while its
//! own work has taken the caches, so each of them would be paid for anew with every call.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;
use tokio_stream::{Stream, StreamExt as _};
use tonic::Status;
use tonic::body::BoxBody;
use tonic::codegen::{BoxFuture, Service as _, http};

use super::goodbye::{Controller, Silent};
use crate::definition::ProviderDefinition;
use crate::proto::plugin::grpc_broker_server::{self, GrpcBrokerServer};
use crate::proto::plugin::grpc_controller_server::{self, GrpcControllerServer};
use crate::proto::plugin::grpc_stdio_server::{self, GrpcStdioServer};
use crate::proto::tfplugin6::provider_server::{self, ProviderServer};
use crate::server::Server;
use crate::stop::Stop;

/// The limit of Terraform's own client. tonic's default of 4 MiB is reached by a plan of 1.4 MiB, which carries the
/// prior, the proposed and the configured value.
const MAX_MESSAGE: usize = 256 << 20;

/// The pause after a connection that could not be taken, for example for want of file descriptors.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// What is served, to as many connections as come.
pub(super) struct Services<D> {
    provider: ProviderServer<Server<D>>,
    controller: GrpcControllerServer<Controller<D>>,
    stdio: GrpcStdioServer<Silent>,
    broker: GrpcBrokerServer<Silent>,
}

impl<D: ProviderDefinition> Services<D> {
    /// The provider's own, and those that go-plugin expects beside it. `end` is the end of the process.
    pub(super) fn new(server: Server<D>, controller: Controller<D>, end: &Stop) -> Self {
        Self {
            provider: ProviderServer::new(server)
                .max_decoding_message_size(MAX_MESSAGE)
                .max_encoding_message_size(MAX_MESSAGE),
            controller: GrpcControllerServer::new(controller),
            stdio: GrpcStdioServer::new(Silent(end.clone())),
            broker: GrpcBrokerServer::new(Silent(end.clone())),
        }
    }
}

impl<D> Clone for Services<D> {
    fn clone(&self) -> Self {
        Self {
            provider: self.provider.clone(),
            controller: self.controller.clone(),
            stdio: self.stdio.clone(),
            broker: self.broker.clone(),
        }
    }
}

impl<D: ProviderDefinition> hyper::service::Service<http::Request<Incoming>> for Services<D> {
    type Response = http::Response<BoxBody>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn call(&self, request: http::Request<Incoming>) -> Self::Future {
        // A path is `/` and the service, `/` and the method.
        match request.uri().path().split('/').nth(1) {
            Some(provider_server::SERVICE_NAME) => self.provider.clone().call(request),
            Some(grpc_controller_server::SERVICE_NAME) => self.controller.clone().call(request),
            Some(grpc_stdio_server::SERVICE_NAME) => self.stdio.clone().call(request),
            Some(grpc_broker_server::SERVICE_NAME) => self.broker.clone().call(request),
            _ => Box::pin(std::future::ready(
                Ok(Status::unimplemented("").into_http()),
            )),
        }
    }
}

/// Serves every connection until `end`, and then until the calls under way are answered.
pub(super) async fn serve<D, C>(
    connections: impl Stream<Item = io::Result<C>>,
    services: Services<D>,
    end: Stop,
) where
    D: ProviderDefinition,
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut connections = pin!(connections);
    let mut served = JoinSet::new();
    loop {
        let connection = tokio::select! {
            () = end.raised() => break,
            connection = connections.next() => connection,
            // Those that ended need not be remembered.
            Some(_) = served.join_next() => continue,
        };
        match connection {
            Some(Ok(connection)) => {
                served.spawn(serve_one(connection, services.clone(), end.clone()));
            }
            Some(Err(error)) => {
                tracing::warn!("a connection could not be taken: {error}");
                tokio::time::sleep(PAUSE).await;
            }
            None => break,
        }
    }
    drop(services);
    while served.join_next().await.is_some() {}
}

async fn serve_one<D, C>(connection: C, services: Services<D>, end: Stop)
where
    D: ProviderDefinition,
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut http = http2::Builder::new(TokioExecutor::new());
    // Nobody looks at the time of an answer.
    http.auto_date_header(false);
    let mut serving = pin!(http.serve_connection(TokioIo::new(connection), services));
    let served = tokio::select! {
        biased;
        served = &mut serving => served,
        () = end.raised() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = served {
        // A client that was killed hangs up like this; there is nobody left to tell.
        tracing::debug!("a connection broke: {error}");
    }
}
