//! One message, sent to every call that takes bytes, for every type the provider has, as every part of a request that
//! bytes can be. Shared by the tests and by the fuzz target in `fuzz/`; it knows no resource by name, so what is added to
//! the provider is asked too.
//!
//! Left out are `StopProvider`, which takes nothing, and `WriteStateBytes`, whose requests only a socket can carry.

/// One call with some of its fields set; whether it was answered with an error.
macro_rules! ask {
    ($complaints:ident, $server:ident . $call:ident ($message:ident { $($field:ident : $value:expr),* $(,)? })) => {{
        #[expect(clippy::allow_attributes, reason = "of the messages, some have more fields and some do not")]
        #[allow(clippy::needless_update, reason = "of the messages, some have more fields and some do not")]
        let request = proto::$message::Request { $($field: $value,)* ..Default::default() };
        let answer = $complaints.in_time(stringify!($call), $server.$call(Request::new(request))).await;
        $complaints.hear(stringify!($call), answer)
    }};
}

mod complaints;
mod lookups;
mod objects;
mod streams;

use std::collections::BTreeMap;

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use tonic::Request;

pub use complaints::is_panic;
use complaints::{Complaints, failed};
use objects::Object;

/// The names of everything a provider serves, and what stands in its ledger while it is asked.
pub struct Everything {
    data_sources: Vec<String>,
    functions: Vec<(String, usize)>,
    ephemerals: Vec<String>,
    lists: Vec<String>,
    actions: Vec<String>,
    /// A configuration of the provider that is right.
    config: proto::DynamicValue,
    /// An object of each type, beside which a message stands for one part of a request.
    companions: BTreeMap<String, Object>,
    /// Objects that no message is about: nothing may ever happen to them.
    keepers: Vec<Object>,
    /// What is open and messages may be about: types and private data.
    open: Vec<(String, Vec<u8>)>,
    /// What is open, and no message is about.
    kept_open: Vec<(String, Vec<u8>)>,
}

/// What is sent, as whatever takes a value.
fn value_of(bytes: &[u8], is_json: bool) -> proto::DynamicValue {
    let (msgpack, json) = if is_json {
        (Vec::new(), bytes.to_vec())
    } else {
        (bytes.to_vec(), Vec::new())
    };
    proto::DynamicValue { msgpack, json }
}

impl Everything {
    /// Asks the provider what it serves, and configures it with `config`, which is JSON and right.
    ///
    /// `companions` and `keepers` are types and configurations of objects to make, in JSON; the names and ids of the
    /// keepers must be in no message that is sent. A type without a companion is asked as if there were nothing of it.
    pub async fn of(
        server: &impl Provider,
        config: &str,
        companions: &[(&str, &str)],
        keepers: &[(&str, &str)],
    ) -> Self {
        let request = Request::new(proto::get_provider_schema::Request {});
        let schema = server.get_provider_schema(request).await;
        let schema = schema.expect("a schema").into_inner();
        let functions = schema.functions.into_iter().map(|(name, function)| {
            let variadic = usize::from(function.variadic_parameter.is_some());
            (name, function.parameters.len() + variadic)
        });
        let resources = schema.resource_schemas.into_keys();
        let mut everything = Self {
            functions: functions.collect(),
            companions: resources
                .map(|name| (name.clone(), Object::none(&name)))
                .collect(),
            data_sources: schema.data_source_schemas.into_keys().collect(),
            ephemerals: schema.ephemeral_resource_schemas.into_keys().collect(),
            lists: schema.list_resource_schemas.into_keys().collect(),
            actions: schema.action_schemas.into_keys().collect(),
            config: value_of(config.as_bytes(), true),
            keepers: Vec::new(),
            open: Vec::new(),
            kept_open: Vec::new(),
        };
        let refused = everything.configure(server).await;
        assert_eq!(refused, Vec::<String>::new(), "the configuration is right");
        for (type_name, config) in companions {
            let object = Object::made(server, type_name, config).await;
            let object = object.expect("a configuration that is right");
            everything
                .companions
                .insert(object.type_name.clone(), object);
        }
        for (type_name, config) in keepers {
            let object = Object::made(server, type_name, config).await;
            let object = object.expect("a configuration that is right");
            everything.keepers.push(object);
        }
        for name in &everything.ephemerals {
            for kept in [&mut everything.open, &mut everything.kept_open] {
                kept.extend(streams::opened(server, name).await);
            }
        }
        everything
    }

    /// The objects that no message is about, as they were made: types, states and private data.
    pub fn keepers(&self) -> impl Iterator<Item = (&str, &proto::DynamicValue, &[u8])> {
        let keepers = self.keepers.iter();
        keepers.map(|object| {
            (
                object.type_name.as_str(),
                &object.state,
                object.private.as_slice(),
            )
        })
    }

    /// The states of the companions, for messages that are nearly so.
    pub fn states(&self) -> Vec<Vec<u8>> {
        let states = self.companions.values();
        states.map(|object| object.state.msgpack.clone()).collect()
    }

    /// The private data of the companions and of what is open, for messages that are nearly so.
    pub fn private(&self) -> Vec<Vec<u8>> {
        let objects = self.companions.values().map(|object| &object.private);
        let open = self.open.iter().map(|(_, private)| private);
        objects.chain(open).cloned().collect()
    }

    /// Configures the provider with what is right, and gives the errors.
    async fn configure(&self, server: &impl Provider) -> Vec<String> {
        let request = proto::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: Some(self.config.clone()),
            client_capabilities: None,
        };
        let answer = server.configure_provider(Request::new(request)).await;
        match answer {
            Err(status) => vec![status.to_string()],
            Ok(answer) => failed(&answer.into_inner().diagnostics),
        }
    }
}

/// Sends `bytes` everywhere, and gives what was answered wrongly: a call that failed or hung, a panic that only the wire
/// caught, an answer that no client could use, and harm to what the message was not about.
pub async fn send<P: Provider>(
    server: &P,
    everything: &mut Everything,
    bytes: &[u8],
) -> Vec<String> {
    let mut complaints = Complaints::default();
    for is_json in [false, true] {
        let value = value_of(bytes, is_json);
        provider_block(server, everything, &value, &mut complaints).await;
        for companion in everything.companions.values() {
            objects::send_value(server, companion, &value, &mut complaints).await;
        }
        lookups::send_value(server, everything, &value, &mut complaints).await;
        streams::send_value(server, everything, &value, &mut complaints).await;
    }
    for companion in everything.companions.values() {
        objects::send_bytes(server, companion, bytes, &mut complaints).await;
    }
    lookups::send_bytes(server, bytes, &mut complaints).await;
    streams::send_bytes(server, everything, bytes, &mut complaints).await;
    for keeper in &everything.keepers {
        keeper.is_unharmed(server, &mut complaints).await;
    }
    for (name, private) in &everything.kept_open {
        streams::is_still_open(server, name, private, &mut complaints).await;
    }
    for companion in everything.companions.values_mut() {
        companion.make_again_if_gone(server).await;
    }
    complaints.all()
}

/// The provider block. What takes the place of the right configuration does so for a moment only.
async fn provider_block<P: Provider>(
    server: &P,
    everything: &Everything,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    let config = || Some(value.clone());
    ask!(
        complaints,
        server.validate_provider_config(validate_provider_config { config: config() })
    );
    let refused = ask!(
        complaints,
        server.configure_provider(configure_provider { config: config() })
    );
    if !refused {
        for error in everything.configure(server).await {
            complaints.add(format!("configured rightly after a hostile one: {error}"));
        }
    }
}
