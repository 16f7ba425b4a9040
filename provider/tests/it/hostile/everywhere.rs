//! One message, sent to every call that takes a value, for every type the provider has. Shared by the tests and by the
//! fuzz target in `fuzz/`; it knows no resource by name, so what is added to the provider is asked too.

use provider::wire::proto::tfplugin6 as proto;
use provider::wire::proto::tfplugin6::provider_server::Provider;
use tonic::{Request, Response, Status};

/// The names of everything a provider serves.
pub struct Everything {
    resources: Vec<String>,
    data_sources: Vec<String>,
    functions: Vec<(String, usize)>,
    ephemerals: Vec<String>,
    lists: Vec<String>,
    actions: Vec<String>,
}

impl Everything {
    /// Asks the provider.
    pub async fn of(server: &impl Provider) -> Self {
        let request = Request::new(proto::get_provider_schema::Request {});
        let schema = server.get_provider_schema(request).await;
        let schema = schema.expect("a schema").into_inner();
        let functions = schema.functions.into_iter().map(|(name, function)| {
            let variadic = usize::from(function.variadic_parameter.is_some());
            (name, function.parameters.len() + variadic)
        });
        Self {
            functions: functions.collect(),
            resources: schema.resource_schemas.into_keys().collect(),
            data_sources: schema.data_source_schemas.into_keys().collect(),
            ephemerals: schema.ephemeral_resource_schemas.into_keys().collect(),
            lists: schema.list_resource_schemas.into_keys().collect(),
            actions: schema.action_schemas.into_keys().collect(),
        }
    }
}

/// Whether a message tells of a panic that the wire caught. What a message repeats of its input may say so as well.
pub fn is_panic(summary: &str) -> bool {
    summary.starts_with("Provider Panicked")
}

/// What was answered wrongly: a call that failed, or a panic that only the wire caught.
#[derive(Default)]
struct Complaints(Vec<String>);

impl Complaints {
    fn hear<T>(
        &mut self,
        call: &str,
        answer: Result<Response<T>, Status>,
        said: impl Fn(T) -> Vec<proto::Diagnostic>,
    ) {
        match answer {
            Err(status) => self.0.push(format!("{call} failed: {status}")),
            Ok(answer) => {
                let panics = said(answer.into_inner())
                    .into_iter()
                    .filter(|said| is_panic(&said.summary));
                let panics =
                    panics.map(|said| format!("{call}: {}: {}", said.summary, said.detail));
                self.0.extend(panics);
            }
        }
    }
}

macro_rules! ask {
    ($complaints:ident, $server:ident . $call:ident ($message:ident { $($field:ident : $value:expr),* $(,)? })) => {{
        #[expect(clippy::allow_attributes, reason = "of the messages, some have more fields and some do not")]
        #[allow(clippy::needless_update, reason = "of the messages, some have more fields and some do not")]
        let request = proto::$message::Request { $($field: $value,)* ..Default::default() };
        let answer = $server.$call(Request::new(request)).await;
        $complaints.hear(stringify!($call), answer, |answer| answer.diagnostics);
    }};
}

/// Sends `bytes` everywhere, as msgpack and as JSON, and gives what was answered wrongly. Nothing is applied.
pub async fn send<P: Provider>(server: &P, everything: &Everything, bytes: &[u8]) -> Vec<String> {
    let mut complaints = Complaints::default();
    for value in [
        proto::DynamicValue {
            msgpack: bytes.to_vec(),
            json: Vec::new(),
        },
        proto::DynamicValue {
            msgpack: Vec::new(),
            json: bytes.to_vec(),
        },
    ] {
        send_value(server, everything, &value, &mut complaints).await;
    }
    for name in &everything.resources {
        for version in [0, 1, i64::MAX] {
            ask!(
                complaints,
                server.upgrade_resource_state(upgrade_resource_state {
                    type_name: name.clone(),
                    version: version,
                    raw_state: Some(proto::RawState {
                        json: bytes.to_vec(),
                        ..Default::default()
                    }),
                })
            );
        }
        ask!(
            complaints,
            server.import_resource_state(import_resource_state {
                type_name: name.clone(),
                id: String::from_utf8_lossy(bytes).into_owned(),
            })
        );
    }
    complaints.0
}

async fn send_value<P: Provider>(
    server: &P,
    everything: &Everything,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    let value = || Some(value.clone());
    ask!(
        complaints,
        server.validate_provider_config(validate_provider_config { config: value() })
    );
    for name in &everything.resources {
        let name = || name.clone();
        ask!(
            complaints,
            server.validate_resource_config(validate_resource_config {
                type_name: name(),
                config: value(),
            })
        );
        ask!(
            complaints,
            server.plan_resource_change(plan_resource_change {
                type_name: name(),
                proposed_new_state: value(),
                config: value(),
            })
        );
        ask!(
            complaints,
            server.plan_resource_change(plan_resource_change {
                type_name: name(),
                prior_state: value(),
                proposed_new_state: value(),
                config: value(),
            })
        );
        ask!(
            complaints,
            server.read_resource(read_resource {
                type_name: name(),
                current_state: value(),
            })
        );
    }
    for name in &everything.data_sources {
        ask!(
            complaints,
            server.validate_data_resource_config(validate_data_resource_config {
                type_name: name.clone(),
                config: value(),
            })
        );
        ask!(
            complaints,
            server.read_data_source(read_data_source {
                type_name: name.clone(),
                config: value(),
            })
        );
    }
    for name in &everything.ephemerals {
        ask!(
            complaints,
            server.validate_ephemeral_resource_config(validate_ephemeral_resource_config {
                type_name: name.clone(),
                config: value(),
            })
        );
    }
    for name in &everything.lists {
        ask!(
            complaints,
            server.validate_list_resource_config(validate_list_resource_config {
                type_name: name.clone(),
                config: value(),
            })
        );
    }
    for name in &everything.actions {
        ask!(
            complaints,
            server.validate_action_config(validate_action_config {
                type_name: name.clone(),
                config: value(),
            })
        );
        ask!(
            complaints,
            server.plan_action(plan_action {
                action_type: name.clone(),
                config: value(),
            })
        );
    }
    for (name, parameters) in &everything.functions {
        let request = proto::call_function::Request {
            name: name.clone(),
            arguments: std::iter::repeat_with(value)
                .flatten()
                .take(*parameters)
                .collect(),
        };
        let answer = server.call_function(Request::new(request)).await;
        complaints.hear("call_function", answer, |answer| {
            let error = answer.error.into_iter();
            error
                .map(|error| proto::Diagnostic {
                    summary: error.text,
                    ..Default::default()
                })
                .collect()
        });
    }
}
