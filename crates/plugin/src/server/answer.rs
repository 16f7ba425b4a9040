//! How every call is answered: its panics become diagnostics, and its diagnostics go into whichever field the response
//! has for them.

use std::future::Future;

use tf_provider::Diagnostics;
use tonic::{Response, Status};

use crate::panic::caught;
use crate::proto::tfplugin6 as proto;
use crate::report;

/// A response that can say what went wrong.
pub(super) trait Carrier: Sized {
    /// A response with nothing but diagnostics.
    fn carrying(diagnostics: Diagnostics) -> Self;
}

/// Runs the handler of the RPC `call`.
pub(super) async fn answer<R: Carrier>(
    call: &'static str,
    handler: impl Future<Output = R>,
) -> Result<Response<R>, Status> {
    tracing::trace!(call, "called");
    let response = caught(handler).await.unwrap_or_else(|panicked| {
        let mut diags = Diagnostics::default();
        panicked.report(call, &mut diags);
        R::carrying(diags)
    });
    tracing::debug!(call, "answered");
    Ok(Response::new(response))
}

macro_rules! carriers {
    ($($message:ident),* $(,)?) => {$(
        impl Carrier for proto::$message::Response {
            fn carrying(diagnostics: Diagnostics) -> Self {
                let mut response = Self::default();
                response.diagnostics = report::to_proto(diagnostics);
                response
            }
        }
    )*};
}

carriers!(
    apply_resource_change,
    close_ephemeral_resource,
    configure_provider,
    configure_state_store,
    delete_state,
    generate_resource_config,
    get_functions,
    get_metadata,
    get_provider_schema,
    get_resource_identity_schemas,
    get_states,
    import_resource_state,
    lock_state,
    move_resource_state,
    open_ephemeral_resource,
    plan_action,
    plan_resource_change,
    read_data_source,
    read_resource,
    read_state_bytes,
    renew_ephemeral_resource,
    unlock_state,
    upgrade_resource_identity,
    upgrade_resource_state,
    validate_action_config,
    validate_data_resource_config,
    validate_ephemeral_resource_config,
    validate_list_resource_config,
    validate_provider_config,
    validate_resource_config,
    validate_state_store,
    write_state_bytes,
);

impl Carrier for proto::call_function::Response {
    fn carrying(diagnostics: Diagnostics) -> Self {
        Self {
            result: None,
            error: Some(super::call::function_error(diagnostics)),
        }
    }
}
