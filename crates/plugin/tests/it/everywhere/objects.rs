//! The calls about managed resources, each with the message as one part of the request and with what is right as the
//! others.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use tonic::Request;

use super::complaints::{Complaints, failed, whole};
use super::value_of;

/// An object in the ledger, or nothing.
pub(super) struct Object {
    pub(super) type_name: String,
    config: proto::DynamicValue,
    pub(super) state: proto::DynamicValue,
    pub(super) private: Vec<u8>,
}

impl Object {
    /// Nothing of a type.
    pub(super) fn none(type_name: &str) -> Self {
        Self {
            type_name: type_name.to_owned(),
            config: value_of(b"null", true),
            state: value_of(b"null", true),
            private: Vec::new(),
        }
    }

    /// Made from a configuration in JSON; the errors if that is not right.
    pub(super) async fn made(
        server: &impl Provider,
        type_name: &str,
        config: &str,
    ) -> Result<Self, Vec<String>> {
        let config = value_of(config.as_bytes(), true);
        let request = proto::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            proposed_new_state: Some(config.clone()),
            config: Some(config.clone()),
            ..Default::default()
        };
        let planned = server.plan_resource_change(Request::new(request)).await;
        let planned = planned.map_err(|status| vec![status.to_string()])?;
        let planned = planned.into_inner();
        let request = proto::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            planned_state: planned.planned_state,
            config: Some(config.clone()),
            planned_private: planned.planned_private,
            ..Default::default()
        };
        let made = server.apply_resource_change(Request::new(request)).await;
        let made = made
            .map_err(|status| vec![status.to_string()])?
            .into_inner();
        let errors = failed(&made.diagnostics);
        match made.new_state {
            Some(state) if errors.is_empty() => Ok(Self {
                type_name: type_name.to_owned(),
                config,
                state,
                private: made.private,
            }),
            _ => Err(errors),
        }
    }

    fn is_nothing(&self) -> bool {
        self.state.msgpack.is_empty()
    }

    async fn read(
        &self,
        server: &impl Provider,
    ) -> Result<proto::read_resource::Response, tonic::Status> {
        let request = proto::read_resource::Request {
            type_name: self.type_name.clone(),
            current_state: Some(self.state.clone()),
            private: self.private.clone(),
            ..Default::default()
        };
        let read = server.read_resource(Request::new(request)).await;
        read.map(tonic::Response::into_inner)
    }

    /// Complains unless the ledger says of it what it said when it was made.
    pub(super) async fn is_unharmed(&self, server: &impl Provider, complaints: &mut Complaints) {
        let name = &self.type_name;
        match self.read(server).await {
            Err(status) => complaints.add(format!("a {name} cannot be read any more: {status}")),
            Ok(read) => {
                for error in failed(&read.diagnostics) {
                    complaints.add(format!("a {name} cannot be read any more: {error}"));
                }
                let is_same = read.new_state.as_ref() == Some(&self.state);
                if !is_same || read.private != self.private {
                    let now = read.new_state.as_ref().map(whole);
                    complaints.add(format!("a {name} that no message was about is now {now:?}"));
                }
            }
        }
    }

    /// A message may have been right, and have ended it.
    pub(super) async fn make_again_if_gone(&mut self, server: &impl Provider) {
        if self.is_nothing() {
            return;
        }
        let is_there = self.read(server).await.is_ok_and(|read| {
            let state = read.new_state.as_ref().map(whole);
            failed(&read.diagnostics).is_empty()
                && state.is_some_and(|state| state.is_ok_and(|state| !state.is_nil()))
        });
        if !is_there {
            let config = String::from_utf8_lossy(&self.config.json).into_owned();
            // Where something else has taken its name, the old one goes on as one that is gone.
            if let Ok(again) = Self::made(server, &self.type_name, &config).await {
                *self = again;
            }
        }
    }
}

/// The message as every value of the calls about `right`.
pub(super) async fn send_value<P: Provider>(
    server: &P,
    right: &Object,
    value: &proto::DynamicValue,
    complaints: &mut Complaints,
) {
    let sent = || Some(value.clone());
    let name = || right.type_name.clone();
    let (config, state) = (|| Some(right.config.clone()), || Some(right.state.clone()));
    let identity = || {
        Some(proto::ResourceIdentityData {
            identity_data: sent(),
        })
    };
    ask!(
        complaints,
        server.validate_resource_config(validate_resource_config {
            type_name: name(),
            config: sent(),
        })
    );
    // Of prior, proposed and configured value, the message is one, two or all; the others are right or null.
    for (prior, next, configured) in [
        (None, sent(), sent()),
        (None, sent(), config()),
        (None, config(), sent()),
        (state(), sent(), sent()),
        (state(), sent(), config()),
        (sent(), state(), config()),
        (sent(), sent(), sent()),
        (sent(), None, None),
    ] {
        ask!(
            complaints,
            server.plan_resource_change(plan_resource_change {
                type_name: name(),
                prior_state: prior.clone(),
                proposed_new_state: next.clone(),
                config: configured.clone(),
                prior_private: right.private.clone(),
                prior_identity: identity(),
            })
        );
        let request = proto::apply_resource_change::Request {
            type_name: name(),
            prior_state: prior.clone(),
            planned_state: next,
            config: configured,
            planned_private: right.private.clone(),
            planned_identity: identity(),
            ..Default::default()
        };
        apply(server, request, complaints).await;
    }
    for (current, meta) in [(sent(), None), (state(), sent())] {
        let request = proto::read_resource::Request {
            type_name: name(),
            current_state: current,
            private: right.private.clone(),
            provider_meta: meta,
            current_identity: identity(),
            ..Default::default()
        };
        read(server, request, complaints).await;
    }
    ask!(
        complaints,
        server.import_resource_state(import_resource_state {
            type_name: name(),
            identity: identity(),
        })
    );
    ask!(
        complaints,
        server.generate_resource_config(generate_resource_config {
            type_name: name(),
            state: sent(),
        })
    );
}

/// The message as whatever else there is in the calls about `right`: private data, stored JSON, ids, names.
pub(super) async fn send_bytes<P: Provider>(
    server: &P,
    right: &Object,
    bytes: &[u8],
    complaints: &mut Complaints,
) {
    let name = || right.type_name.clone();
    let (config, state) = (|| Some(right.config.clone()), || Some(right.state.clone()));
    let stored = || {
        Some(proto::RawState {
            json: bytes.to_vec(),
            ..Default::default()
        })
    };
    for (next, configured) in [(state(), config()), (None, None)] {
        ask!(
            complaints,
            server.plan_resource_change(plan_resource_change {
                type_name: name(),
                prior_state: state(),
                proposed_new_state: next.clone(),
                config: configured.clone(),
                prior_private: bytes.to_vec(),
            })
        );
        let request = proto::apply_resource_change::Request {
            type_name: name(),
            prior_state: state(),
            planned_state: next,
            config: configured,
            planned_private: bytes.to_vec(),
            ..Default::default()
        };
        apply(server, request, complaints).await;
    }
    let request = proto::read_resource::Request {
        type_name: name(),
        current_state: state(),
        private: bytes.to_vec(),
        ..Default::default()
    };
    read(server, request, complaints).await;
    for version in [0, 1, i64::MAX] {
        ask!(
            complaints,
            server.upgrade_resource_state(upgrade_resource_state {
                type_name: name(),
                version: version,
                raw_state: stored(),
            })
        );
        ask!(
            complaints,
            server.upgrade_resource_identity(upgrade_resource_identity {
                type_name: name(),
                version: version,
                raw_identity: stored(),
            })
        );
        for identity in [None, stored()] {
            ask!(
                complaints,
                server.move_resource_state(move_resource_state {
                    source_provider_address: "ephemeral-environments/ttl".to_owned(),
                    source_type_name: name(),
                    source_schema_version: version,
                    source_state: stored(),
                    target_type_name: name(),
                    source_private: bytes.to_vec(),
                    source_identity: identity,
                })
            );
        }
    }
    ask!(
        complaints,
        server.import_resource_state(import_resource_state {
            type_name: name(),
            id: String::from_utf8_lossy(bytes).into_owned(),
        })
    );
}

/// An apply always answers a state; where it failed, the one that was there, byte for byte, or one that is known.
async fn apply<P: Provider>(
    server: &P,
    request: proto::apply_resource_change::Request,
    complaints: &mut Complaints,
) {
    const CALL: &str = "apply_resource_change";
    let prior = request.prior_state.clone();
    let asked = server.apply_resource_change(Request::new(request));
    let answer = complaints.in_time(CALL, asked).await;
    let state = answer
        .as_ref()
        .ok()
        .map(|answer| answer.get_ref().new_state.clone());
    if complaints.hear(CALL, answer) {
        match state.flatten() {
            None => complaints.add(format!("{CALL} failed and forgot what there was")),
            Some(state) if prior.as_ref() == Some(&state) => {}
            Some(state) => complaints.look_at(CALL, &state, true),
        }
    }
}

/// A read that failed answers the state and the private data that were there, byte for byte.
async fn read<P: Provider>(
    server: &P,
    request: proto::read_resource::Request,
    complaints: &mut Complaints,
) {
    const CALL: &str = "read_resource";
    let (current, private) = (request.current_state.clone(), request.private.clone());
    let asked = server.read_resource(Request::new(request));
    let answer = complaints.in_time(CALL, asked).await;
    let found = answer.as_ref().ok().map(tonic::Response::get_ref).cloned();
    if complaints.hear(CALL, answer)
        && let Some(found) = found
        && (found.new_state != current || found.private != private)
    {
        complaints.add(format!("{CALL} failed and did not keep what there was"));
    }
}
