//! The calls that only look and answer: data sources and functions; and those about state stores, of which there are
//! none.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use tonic::Request;

use super::Everything;
use super::complaints::Complaints;

/// The message as every value.
pub(super) async fn send_value<P: Provider>(
    server: &P,
    everything: &Everything,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    let sent = || Some(value.clone());
    for name in &everything.data_sources {
        ask!(
            complaints,
            server.validate_data_resource_config(validate_data_resource_config {
                type_name: name.clone(),
                config: sent(),
            })
        );
        ask!(
            complaints,
            server.read_data_source(read_data_source {
                type_name: name.clone(),
                config: sent(),
                provider_meta: sent(),
            })
        );
    }
    for (name, parameters) in &everything.functions {
        // As many arguments as there are parameters, one too few, and one too many.
        for count in parameters.saturating_sub(1)..=parameters + 1 {
            ask!(
                complaints,
                server.call_function(call_function {
                    name: name.clone(),
                    arguments: vec![value.clone(); count],
                })
            );
        }
    }
    ask!(
        complaints,
        server.validate_state_store_config(validate_state_store {
            type_name: "a_store".to_owned(),
            config: sent(),
        })
    );
    ask!(
        complaints,
        server.configure_state_store(configure_state_store {
            type_name: "a_store".to_owned(),
            config: sent(),
        })
    );
}

/// The message as every name.
pub(super) async fn send_bytes<P: Provider>(server: &P, bytes: &[u8], complaints: &mut Complaints) {
    let name = || String::from_utf8_lossy(bytes).into_owned();
    macro_rules! named {
        ($($call:ident $message:ident $field:ident,)*) => {$(
            ask!(complaints, server.$call($message { $field: name() }));
        )*};
    }
    named!(
        read_resource read_resource type_name,
        read_data_source read_data_source type_name,
        call_function call_function name,
        open_ephemeral_resource open_ephemeral_resource type_name,
        plan_action plan_action action_type,
        validate_list_resource_config validate_list_resource_config type_name,
        lock_state lock_state type_name,
        unlock_state unlock_state type_name,
        get_states get_states type_name,
        delete_state delete_state type_name,
    );
}
