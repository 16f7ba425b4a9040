//! The protocol's service, method by method: each hands its request to the handler that knows what to do. Present in
//! full, so that no client of any version is answered "unimplemented".

use tokio_stream::Once;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::answer::answer;
use super::{
    Server, absent, apply, call, configure, describe, ephemeral, generate, identity, import,
    invoke, list, plan, read, relocate, upgrade, validate,
};
use crate::definition::ProviderDefinition;
use crate::proto::tfplugin6 as proto;
use proto::provider_server::Provider;

type Answer<R> = Result<Response<R>, Status>;
type Events<R> = Once<Result<R, Status>>;

/// The one event of a call that ends at once.
fn only<R>(event: R) -> Response<Events<R>> {
    Response::new(tokio_stream::once(Ok(event)))
}

#[async_trait]
impl<D: ProviderDefinition> Provider for Server<D> {
    async fn get_metadata(
        &self,
        _: Request<proto::get_metadata::Request>,
    ) -> Answer<proto::get_metadata::Response> {
        answer("GetMetadata", async { describe::metadata(&self.registry) }).await
    }

    async fn get_provider_schema(
        &self,
        _: Request<proto::get_provider_schema::Request>,
    ) -> Answer<proto::get_provider_schema::Response> {
        answer("GetProviderSchema", async {
            describe::provider_schema(&self.registry)
        })
        .await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<proto::get_resource_identity_schemas::Request>,
    ) -> Answer<proto::get_resource_identity_schemas::Response> {
        answer("GetResourceIdentitySchemas", async {
            identity::schemas(&self.registry)
        })
        .await
    }

    async fn get_functions(
        &self,
        _: Request<proto::get_functions::Request>,
    ) -> Answer<proto::get_functions::Response> {
        answer("GetFunctions", async {
            describe::functions(&self.registry)
        })
        .await
    }

    async fn validate_provider_config(
        &self,
        request: Request<proto::validate_provider_config::Request>,
    ) -> Answer<proto::validate_provider_config::Response> {
        let request = request.into_inner();
        answer(
            "ValidateProviderConfig",
            configure::validate(self.definition(), &self.registry, request),
        )
        .await
    }

    async fn configure_provider(
        &self,
        request: Request<proto::configure_provider::Request>,
    ) -> Answer<proto::configure_provider::Response> {
        let request = request.into_inner();
        answer(
            "ConfigureProvider",
            configure::configure(
                self.definition(),
                &self.registry,
                self.stop.watch(),
                request,
            ),
        )
        .await
    }

    async fn stop_provider(
        &self,
        _: Request<proto::stop_provider::Request>,
    ) -> Answer<proto::stop_provider::Response> {
        // Terraform still reads, applies and saves after this; only GRPCController.Shutdown ends the server.
        tracing::info!("asked to stop");
        self.stop.raise();
        self.shutdown.stopping().await;
        Ok(Response::new(Default::default()))
    }

    async fn validate_resource_config(
        &self,
        request: Request<proto::validate_resource_config::Request>,
    ) -> Answer<proto::validate_resource_config::Response> {
        let request = request.into_inner();
        answer(
            "ValidateResourceConfig",
            validate::resource(&self.registry, request),
        )
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<proto::upgrade_resource_state::Request>,
    ) -> Answer<proto::upgrade_resource_state::Response> {
        let request = request.into_inner();
        answer("UpgradeResourceState", async {
            upgrade::upgrade(&self.registry, &request)
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<proto::upgrade_resource_identity::Request>,
    ) -> Answer<proto::upgrade_resource_identity::Response> {
        let request = request.into_inner();
        answer("UpgradeResourceIdentity", async {
            identity::upgrade(&self.registry, &request)
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<proto::read_resource::Request>,
    ) -> Answer<proto::read_resource::Response> {
        let request = request.into_inner();
        answer("ReadResource", read::resource(&self.registry, request)).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<proto::plan_resource_change::Request>,
    ) -> Answer<proto::plan_resource_change::Response> {
        let request = request.into_inner();
        answer("PlanResourceChange", plan::plan(&self.registry, request)).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<proto::apply_resource_change::Request>,
    ) -> Answer<proto::apply_resource_change::Response> {
        let request = request.into_inner();
        answer("ApplyResourceChange", apply::apply(&self.registry, request)).await
    }

    async fn import_resource_state(
        &self,
        request: Request<proto::import_resource_state::Request>,
    ) -> Answer<proto::import_resource_state::Response> {
        let request = request.into_inner();
        answer(
            "ImportResourceState",
            import::import(&self.registry, request),
        )
        .await
    }

    async fn move_resource_state(
        &self,
        request: Request<proto::move_resource_state::Request>,
    ) -> Answer<proto::move_resource_state::Response> {
        let request = request.into_inner();
        answer("MoveResourceState", async {
            relocate::relocate(self.definition(), &self.registry, request)
        })
        .await
    }

    async fn generate_resource_config(
        &self,
        request: Request<proto::generate_resource_config::Request>,
    ) -> Answer<proto::generate_resource_config::Response> {
        let request = request.into_inner();
        answer("GenerateResourceConfig", async {
            generate::generate(&self.registry, &request)
        })
        .await
    }

    async fn validate_data_resource_config(
        &self,
        request: Request<proto::validate_data_resource_config::Request>,
    ) -> Answer<proto::validate_data_resource_config::Response> {
        let request = request.into_inner();
        answer(
            "ValidateDataResourceConfig",
            validate::data_source(&self.registry, request),
        )
        .await
    }

    async fn read_data_source(
        &self,
        request: Request<proto::read_data_source::Request>,
    ) -> Answer<proto::read_data_source::Response> {
        let request = request.into_inner();
        answer("ReadDataSource", read::data_source(&self.registry, request)).await
    }

    async fn call_function(
        &self,
        request: Request<proto::call_function::Request>,
    ) -> Answer<proto::call_function::Response> {
        let request = request.into_inner();
        answer("CallFunction", call::call(&self.registry, request)).await
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Request<proto::validate_ephemeral_resource_config::Request>,
    ) -> Answer<proto::validate_ephemeral_resource_config::Response> {
        let request = request.into_inner();
        answer(
            "ValidateEphemeralResourceConfig",
            ephemeral::validate(&self.registry, request),
        )
        .await
    }

    async fn open_ephemeral_resource(
        &self,
        request: Request<proto::open_ephemeral_resource::Request>,
    ) -> Answer<proto::open_ephemeral_resource::Response> {
        let request = request.into_inner();
        answer(
            "OpenEphemeralResource",
            ephemeral::open(&self.registry, request),
        )
        .await
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Request<proto::renew_ephemeral_resource::Request>,
    ) -> Answer<proto::renew_ephemeral_resource::Response> {
        let request = request.into_inner();
        answer(
            "RenewEphemeralResource",
            ephemeral::renew(&self.registry, request),
        )
        .await
    }

    async fn close_ephemeral_resource(
        &self,
        request: Request<proto::close_ephemeral_resource::Request>,
    ) -> Answer<proto::close_ephemeral_resource::Response> {
        let request = request.into_inner();
        answer(
            "CloseEphemeralResource",
            ephemeral::close(&self.registry, request),
        )
        .await
    }

    type ListResourceStream = list::Listing;

    async fn list_resource(
        &self,
        request: Request<proto::list_resource::Request>,
    ) -> Answer<Self::ListResourceStream> {
        let listing = list::list(&self.registry, request.into_inner()).await;
        Ok(Response::new(listing))
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<proto::validate_list_resource_config::Request>,
    ) -> Answer<proto::validate_list_resource_config::Response> {
        let request = request.into_inner();
        answer(
            "ValidateListResourceConfig",
            list::validate(&self.registry, request),
        )
        .await
    }

    async fn plan_action(
        &self,
        request: Request<proto::plan_action::Request>,
    ) -> Answer<proto::plan_action::Response> {
        let request = request.into_inner();
        answer("PlanAction", invoke::plan(&self.registry, request)).await
    }

    type InvokeActionStream = invoke::Events;

    async fn invoke_action(
        &self,
        request: Request<proto::invoke_action::Request>,
    ) -> Answer<Self::InvokeActionStream> {
        Ok(Response::new(invoke::invoke(
            &self.registry,
            request.into_inner(),
        )))
    }

    async fn validate_action_config(
        &self,
        request: Request<proto::validate_action_config::Request>,
    ) -> Answer<proto::validate_action_config::Response> {
        let request = request.into_inner();
        answer(
            "ValidateActionConfig",
            invoke::validate(&self.registry, request),
        )
        .await
    }

    async fn validate_state_store_config(
        &self,
        request: Request<proto::validate_state_store::Request>,
    ) -> Answer<proto::validate_state_store::Response> {
        let request = request.into_inner();
        answer("ValidateStateStoreConfig", async {
            absent::store(&request.type_name)
        })
        .await
    }

    async fn configure_state_store(
        &self,
        request: Request<proto::configure_state_store::Request>,
    ) -> Answer<proto::configure_state_store::Response> {
        let request = request.into_inner();
        answer("ConfigureStateStore", async {
            absent::store(&request.type_name)
        })
        .await
    }

    type ReadStateBytesStream = Events<proto::read_state_bytes::Response>;

    async fn read_state_bytes(
        &self,
        request: Request<proto::read_state_bytes::Request>,
    ) -> Answer<Self::ReadStateBytesStream> {
        let name = request.into_inner().type_name;
        Ok(only(absent::store(&name)))
    }

    async fn write_state_bytes(
        &self,
        request: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
    ) -> Answer<proto::write_state_bytes::Response> {
        let first = request.into_inner().message().await?;
        let name = first
            .and_then(|chunk| chunk.meta)
            .unwrap_or_default()
            .type_name;
        Ok(Response::new(absent::store(&name)))
    }

    async fn lock_state(
        &self,
        request: Request<proto::lock_state::Request>,
    ) -> Answer<proto::lock_state::Response> {
        let request = request.into_inner();
        answer("LockState", async { absent::store(&request.type_name) }).await
    }

    async fn unlock_state(
        &self,
        request: Request<proto::unlock_state::Request>,
    ) -> Answer<proto::unlock_state::Response> {
        let request = request.into_inner();
        answer("UnlockState", async { absent::store(&request.type_name) }).await
    }

    async fn get_states(
        &self,
        request: Request<proto::get_states::Request>,
    ) -> Answer<proto::get_states::Response> {
        let request = request.into_inner();
        answer("GetStates", async { absent::store(&request.type_name) }).await
    }

    async fn delete_state(
        &self,
        request: Request<proto::delete_state::Request>,
    ) -> Answer<proto::delete_state::Response> {
        let request = request.into_inner();
        answer("DeleteState", async { absent::store(&request.type_name) }).await
    }
}
