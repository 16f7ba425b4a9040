//! The protocol's service, call by call: each with the step of it that a user reads about, and the handler that knows what to
//! do. Present in full, so that no client of any version is answered "unimplemented".

use tf_provider::Diagnostics;
use tokio_stream::Once;
use tonic::{Request, Response, Status, Streaming, async_trait};

use super::answer::{Answer, answer};
use super::{
    Server, action, apply, configure, describe, ephemeral_resource, function, generate, import,
    list, move_state, plan, read, resource_identity, state_store, upgrade,
};
use crate::definition::ProviderDefinition;
use crate::proto::tfplugin6::provider_server::Provider;
use crate::report::to_proto;

/// The messages, by the methods that take them.
mod proto {
    pub(super) use crate::proto::tfplugin6::validate_state_store as validate_state_store_config;
    pub(super) use crate::proto::tfplugin6::*;
}

/// Responses with a field for diagnostics.
macro_rules! answers {
    ($($message:ident),*) => {$(
        impl Answer for proto::$message::Response {
            fn carrying(mut self, diagnostics: Diagnostics) -> Self {
                self.diagnostics = to_proto(diagnostics);
                self
            }
        }
    )*};
}

/// Implements the service. A row is a call whose response has a field for diagnostics: its name, its method, the step in
/// the words of a user, its handler. `by_hand` is the rest.
macro_rules! service {
    (
        |$server:ident, $registry:ident, $request:ident, $diags:ident|
        $($call:literal $method:ident $step:literal => $handler:expr;)*
        by_hand { $($by_hand:tt)* }
    ) => {
        answers!($($method),*);

        #[async_trait]
        impl<D: ProviderDefinition> Provider for Server<D> {
            $(async fn $method(
                &self,
                request: Request<proto::$method::Request>,
            ) -> Result<Response<proto::$method::Response>, Status> {
                let ($server, $registry) = (self, &*self.registry);
                let handler = async {
                    let mut diagnostics = Diagnostics::default();
                    let ($request, $diags) = (request.into_inner(), &mut diagnostics);
                    // Not every call needs all of them.
                    let _ = ($server, $registry, &$request, &$diags);
                    let response = $handler;
                    (response, diagnostics)
                };
                answer($call, $step, handler).await
            })*

            $($by_hand)*
        }
    };
}

answers!(read_state_bytes, write_state_bytes);

service! {
    |server, registry, request, diags|

    "GetMetadata" get_metadata "the description" =>
        Some(describe::metadata(registry, diags));
    "GetProviderSchema" get_provider_schema "the description" =>
        Some(describe::provider_schema(registry, diags));
    "GetResourceIdentitySchemas" get_resource_identity_schemas "the description" =>
        Some(resource_identity::schemas(registry));
    "GetFunctions" get_functions "the description" =>
        Some(describe::functions(registry));

    "ValidateProviderConfig" validate_provider_config "the validation" =>
        configure::validate(server.definition(), registry, request, diags).await;
    "ConfigureProvider" configure_provider "the configuration" => {
        let stop = server.stop.watch();
        configure::configure(server.definition(), registry, stop, request, diags).await
    };

    "ValidateResourceConfig" validate_resource_config "the validation" => {
        let client = request.client_capabilities.unwrap_or_default();
        let write_only = client.write_only_attributes_allowed;
        let resources = &registry.types.resources;
        resources.validate(&request.type_name, request.config.as_ref(), write_only, diags).await
    };
    "UpgradeResourceState" upgrade_resource_state "the upgrade of the state" =>
        upgrade::upgrade(registry, &request, diags);
    "UpgradeResourceIdentity" upgrade_resource_identity "the upgrade of the identity" =>
        resource_identity::upgrade(registry, &request, diags);
    "ReadResource" read_resource "the read" =>
        Some(read::resource(registry, request, diags).await);
    "PlanResourceChange" plan_resource_change "the plan" =>
        plan::plan(registry, request, diags).await;
    "ApplyResourceChange" apply_resource_change "the change" =>
        Some(apply::apply(registry, request, diags).await);
    "ImportResourceState" import_resource_state "the import" =>
        import::import(registry, request, diags).await;
    "MoveResourceState" move_resource_state "the move" =>
        move_state::move_state(registry, request, diags);
    "GenerateResourceConfig" generate_resource_config "the configuration" =>
        generate::generate(registry, &request, diags);

    "ValidateDataResourceConfig" validate_data_resource_config "the validation" => {
        let sources = &registry.types.data_sources;
        sources.validate(&request.type_name, request.config.as_ref(), true, diags).await
    };
    "ReadDataSource" read_data_source "the read" =>
        read::data_source(registry, request, diags).await;

    "ValidateEphemeralResourceConfig" validate_ephemeral_resource_config "the validation" => {
        let resources = &registry.types.ephemeral_resources;
        resources.validate(&request.type_name, request.config.as_ref(), true, diags).await
    };
    "OpenEphemeralResource" open_ephemeral_resource "the opening" =>
        ephemeral_resource::open(registry, request, diags).await;
    "RenewEphemeralResource" renew_ephemeral_resource "the renewal" =>
        Some(ephemeral_resource::renew(registry, request, diags).await);
    "CloseEphemeralResource" close_ephemeral_resource "the closing" =>
        ephemeral_resource::close(registry, request, diags).await;

    "ValidateListResourceConfig" validate_list_resource_config "the validation" => {
        let filters = list::filters(request.config);
        let lists = &registry.types.list_resources;
        lists.validate(&request.type_name, Some(&filters), true, diags).await
    };

    "ValidateActionConfig" validate_action_config "the validation" => {
        let actions = &registry.types.actions;
        actions.validate(&request.type_name, request.config.as_ref(), true, diags).await
    };
    // The same checks again, of values that may be known by now.
    "PlanAction" plan_action "the validation" => {
        let actions = &registry.types.actions;
        actions.validate(&request.action_type, request.config.as_ref(), true, diags).await
    };

    "ValidateStateStoreConfig" validate_state_store_config "the validation" =>
        state_store::none(&request.type_name, diags);
    "ConfigureStateStore" configure_state_store "the configuration" =>
        state_store::none(&request.type_name, diags);
    "LockState" lock_state "the lock" => state_store::none(&request.type_name, diags);
    "UnlockState" unlock_state "the unlock" => state_store::none(&request.type_name, diags);
    "GetStates" get_states "the list" => state_store::none(&request.type_name, diags);
    "DeleteState" delete_state "the deletion" => state_store::none(&request.type_name, diags);

    by_hand {
        async fn call_function(
            &self,
            request: Request<proto::call_function::Request>,
        ) -> Result<Response<proto::call_function::Response>, Status> {
            let handler = async {
                let mut diags = Diagnostics::default();
                let called = function::call(&self.registry, request.into_inner(), &mut diags).await;
                (called, diags)
            };
            answer("CallFunction", "the function", handler).await
        }

        async fn stop_provider(
            &self,
            _: Request<proto::stop_provider::Request>,
        ) -> Result<Response<proto::stop_provider::Response>, Status> {
            // Terraform still reads, applies and saves after this; only GRPCController.Shutdown ends the server.
            tracing::info!("asked to stop");
            self.stop.raise();
            self.shutdown.stopping().await;
            Ok(Response::new(Default::default()))
        }

        type ListResourceStream = list::Listing;

        async fn list_resource(
            &self,
            request: Request<proto::list_resource::Request>,
        ) -> Result<Response<Self::ListResourceStream>, Status> {
            let listing = list::list(&self.registry, request.into_inner()).await;
            Ok(Response::new(listing))
        }

        type InvokeActionStream = action::Events;

        async fn invoke_action(
            &self,
            request: Request<proto::invoke_action::Request>,
        ) -> Result<Response<Self::InvokeActionStream>, Status> {
            let events = action::invoke(&self.registry, request.into_inner());
            Ok(Response::new(events))
        }

        type ReadStateBytesStream = Once<Result<proto::read_state_bytes::Response, Status>>;

        async fn read_state_bytes(
            &self,
            request: Request<proto::read_state_bytes::Request>,
        ) -> Result<Response<Self::ReadStateBytesStream>, Status> {
            let event = state_store::answer(&request.into_inner().type_name);
            Ok(Response::new(tokio_stream::once(Ok(event))))
        }

        async fn write_state_bytes(
            &self,
            request: Request<Streaming<proto::write_state_bytes::RequestChunk>>,
        ) -> Result<Response<proto::write_state_bytes::Response>, Status> {
            let first = request.into_inner().message().await?;
            let meta = first.and_then(|chunk| chunk.meta).unwrap_or_default();
            Ok(Response::new(state_store::answer(&meta.type_name)))
        }
    }
}
