//! The same service over a socket: each call goes to the real executable and its answer comes back, so that whatever
//! drives the service in process drives a process too. Notes which calls were made. A call that is not answered in time
//! fails, so that nothing waits for ever.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_client::ProviderClient;
use plugin::proto::tfplugin6::provider_server::Provider;
use tokio_stream::StreamExt as _;
use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::PATIENCE;

/// A connection to a process.
pub(crate) struct Wire {
    client: ProviderClient<Channel>,
    called: Mutex<BTreeSet<&'static str>>,
}

impl Wire {
    /// Over the connection of `client`.
    pub(super) fn new(client: ProviderClient<Channel>) -> Self {
        let called = Mutex::default();
        Self { client, called }
    }

    /// The calls that were made, by the names of their methods.
    pub(crate) fn called(&self) -> BTreeSet<&'static str> {
        let called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        called.clone()
    }

    /// `WriteStateBytes`; the trait takes a stream that only a server can have.
    pub(crate) async fn write_chunks(
        &self,
        chunks: Vec<proto::write_state_bytes::RequestChunk>,
    ) -> Result<Response<proto::write_state_bytes::Response>, Status> {
        let mut client = self.calling("write_state_bytes");
        bounded(client.write_state_bytes(tokio_stream::iter(chunks))).await
    }

    fn calling(&self, call: &'static str) -> ProviderClient<Channel> {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        called.insert(call);
        self.client.clone()
    }
}

async fn bounded<T>(call: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(answer) => answer,
        Err(_) => Err(Status::deadline_exceeded("no answer in time: it hangs")),
    }
}

macro_rules! over_the_wire {
    (
        calls { $($call:ident $message:ident,)* }
        streams { $($stream:ident $events:ident $asked:ident $event:ident,)* }
    ) => {
        #[async_trait]
        impl Provider for Wire {
            $(async fn $call(
                &self,
                request: Request<proto::$message::Request>,
            ) -> Result<Response<proto::$message::Response>, Status> {
                let mut client = self.calling(stringify!($call));
                bounded(client.$call(request)).await
            })*

            $(type $events = Streaming<proto::$asked::$event>;

            async fn $stream(
                &self,
                request: Request<proto::$asked::Request>,
            ) -> Result<Response<Self::$events>, Status> {
                let mut client = self.calling(stringify!($stream));
                bounded(client.$stream(request)).await
            })*

            async fn write_state_bytes(
                &self,
                request: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
            ) -> Result<Response<proto::write_state_bytes::Response>, Status> {
                let chunks = request.into_inner().collect::<Result<_, _>>().await?;
                self.write_chunks(chunks).await
            }
        }
    };
}

over_the_wire! {
    calls {
        get_metadata get_metadata,
        get_provider_schema get_provider_schema,
        get_resource_identity_schemas get_resource_identity_schemas,
        get_functions get_functions,
        validate_provider_config validate_provider_config,
        configure_provider configure_provider,
        stop_provider stop_provider,
        validate_resource_config validate_resource_config,
        upgrade_resource_state upgrade_resource_state,
        upgrade_resource_identity upgrade_resource_identity,
        read_resource read_resource,
        plan_resource_change plan_resource_change,
        apply_resource_change apply_resource_change,
        import_resource_state import_resource_state,
        move_resource_state move_resource_state,
        generate_resource_config generate_resource_config,
        validate_data_resource_config validate_data_resource_config,
        read_data_source read_data_source,
        call_function call_function,
        validate_ephemeral_resource_config validate_ephemeral_resource_config,
        open_ephemeral_resource open_ephemeral_resource,
        renew_ephemeral_resource renew_ephemeral_resource,
        close_ephemeral_resource close_ephemeral_resource,
        validate_list_resource_config validate_list_resource_config,
        plan_action plan_action,
        validate_action_config validate_action_config,
        validate_state_store_config validate_state_store,
        configure_state_store configure_state_store,
        lock_state lock_state,
        unlock_state unlock_state,
        get_states get_states,
        delete_state delete_state,
    }
    streams {
        list_resource ListResourceStream list_resource Event,
        invoke_action InvokeActionStream invoke_action Event,
        read_state_bytes ReadStateBytesStream read_state_bytes Response,
    }
}
