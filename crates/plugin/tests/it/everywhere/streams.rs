//! The calls that open something or stream: ephemeral resources, lists and actions. A stream has an end.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::invoke_action::event::Type;
use plugin::proto::tfplugin6::provider_server::Provider;
use tokio_stream::StreamExt as _;
use tonic::{Request, Status};

use super::complaints::Complaints;
use super::{Everything, value_of};

/// Opens one of a type with nothing configured: its type and private data; nothing where that cannot be.
pub(super) async fn opened(server: &impl Provider, name: &str) -> Option<(String, Vec<u8>)> {
    let request = proto::open_ephemeral_resource::Request {
        type_name: name.to_owned(),
        config: Some(value_of(b"{}", true)),
        client_capabilities: None,
    };
    let opened = server.open_ephemeral_resource(Request::new(request)).await;
    let private = opened.ok()?.into_inner().private?;
    Some((name.to_owned(), private))
}

/// Complains unless what was opened can be renewed.
pub(super) async fn is_still_open(
    server: &impl Provider,
    name: &str,
    private: &[u8],
    complaints: &mut Complaints,
) {
    let refused = ask!(
        complaints,
        server.renew_ephemeral_resource(renew_ephemeral_resource {
            type_name: name.to_owned(),
            private: Some(private.to_vec()),
        })
    );
    if refused {
        complaints.add(format!("a {name} that no message was about is over"));
    }
}

/// The message as every value.
pub(super) async fn send_value<P: Provider>(
    server: &P,
    everything: &Everything,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    let sent = || Some(value.clone());
    for name in &everything.ephemerals {
        ask!(
            complaints,
            server.validate_ephemeral_resource_config(validate_ephemeral_resource_config {
                type_name: name.clone(),
                config: sent(),
            })
        );
        open(server, name, value, complaints).await;
    }
    for name in &everything.lists {
        ask!(
            complaints,
            server.validate_list_resource_config(validate_list_resource_config {
                type_name: name.clone(),
                config: sent(),
                include_resource_object: sent(),
                limit: sent(),
            })
        );
        for limit in [i64::MIN, 1] {
            let request = proto::list_resource::Request {
                type_name: name.clone(),
                config: sent(),
                include_resource_object: true,
                limit,
            };
            list(server, request, complaints).await;
        }
    }
    for name in &everything.actions {
        ask!(
            complaints,
            server.validate_action_config(validate_action_config {
                type_name: name.clone(),
                config: sent(),
            })
        );
        ask!(
            complaints,
            server.plan_action(plan_action {
                action_type: name.clone(),
                config: sent(),
            })
        );
        invoke(server, name, value, complaints).await;
    }
}

/// The message as the private data of what is open.
pub(super) async fn send_bytes<P: Provider>(
    server: &P,
    everything: &Everything,
    bytes: &[u8],
    complaints: &mut Complaints,
) {
    for name in &everything.ephemerals {
        ask!(
            complaints,
            server.renew_ephemeral_resource(renew_ephemeral_resource {
                type_name: name.clone(),
                private: Some(bytes.to_vec()),
            })
        );
        ask!(
            complaints,
            server.close_ephemeral_resource(close_ephemeral_resource {
                type_name: name.clone(),
                private: Some(bytes.to_vec()),
            })
        );
    }
}

/// Opens, and closes again what could be opened.
async fn open<P: Provider>(
    server: &P,
    name: &str,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    const CALL: &str = "open_ephemeral_resource";
    let request = proto::open_ephemeral_resource::Request {
        type_name: name.to_owned(),
        config: Some(value.clone()),
        client_capabilities: None,
    };
    let asked = server.open_ephemeral_resource(Request::new(request));
    let answer = complaints.in_time(CALL, asked).await;
    let opened = answer.as_ref().ok();
    let private = opened.and_then(|answer| answer.get_ref().private.clone());
    if !complaints.hear(CALL, answer) {
        let refused = ask!(
            complaints,
            server.close_ephemeral_resource(close_ephemeral_resource {
                type_name: name.to_owned(),
                private: private,
            })
        );
        if refused {
            complaints.add(format!("a {name} was opened and cannot be closed"));
        }
    }
}

/// A list is whole, or one event that says why not.
async fn list<P: Provider>(
    server: &P,
    request: proto::list_resource::Request,
    complaints: &mut Complaints,
) {
    const CALL: &str = "list_resource";
    let listed = async {
        let events = server.list_resource(Request::new(request)).await?;
        let mut events = std::pin::pin!(events.into_inner());
        let mut all = Vec::new();
        while let Some(event) = events.next().await {
            all.push(event?);
        }
        Ok::<_, Status>(all)
    };
    match complaints.in_time(CALL, listed).await {
        Err(status) => complaints.add(format!("{CALL} failed: {status}")),
        Ok(events) => {
            for event in &events {
                let is_error = complaints.listen(CALL, &event.diagnostic);
                if is_error && 1 < events.len() {
                    complaints.add(format!("{CALL} gave half a list"));
                }
                match event.identity.as_ref().map(|found| &found.identity_data) {
                    Some(Some(identity)) => complaints.look_at(CALL, identity, true),
                    _ if event.diagnostic.is_empty() => {
                        complaints.add(format!("{CALL} gave an object without an identity"));
                    }
                    _ => {}
                }
                if let Some(object) = &event.resource_object {
                    complaints.look_at(CALL, object, true);
                }
            }
        }
    }
}

/// An action ends once, and nothing comes after its end.
async fn invoke<P: Provider>(
    server: &P,
    name: &str,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    const CALL: &str = "invoke_action";
    let request = proto::invoke_action::Request {
        action_type: name.to_owned(),
        config: Some(value.clone()),
        client_capabilities: None,
    };
    let invoked = async {
        let events = server.invoke_action(Request::new(request)).await?;
        let mut events = std::pin::pin!(events.into_inner());
        let mut all = Vec::new();
        while let Some(event) = events.next().await {
            all.push(event?.r#type);
        }
        Ok::<_, Status>(all)
    };
    match complaints.in_time(CALL, invoked).await {
        Err(status) => complaints.add(format!("{CALL} failed: {status}")),
        Ok(events) => match events.split_last() {
            Some((Some(Type::Completed(end)), before)) => {
                complaints.listen(CALL, &end.diagnostics);
                if !before
                    .iter()
                    .all(|event| matches!(event, Some(Type::Progress(_))))
                {
                    complaints.add(format!("{CALL} ended more than once"));
                }
            }
            _ => complaints.add(format!("{CALL} came to no end")),
        },
    }
}
