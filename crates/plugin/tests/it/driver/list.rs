//! Driving lists as `terraform query` does: an object without an identity is a bug, and an error ends the list.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::Value as Json;
use tokio_stream::StreamExt as _;
use tonic::Request;

use super::identity::identity_json;
use super::values::{Told, dv, jv, told};
use super::{Driver, core};

/// One object of a list.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Its identity.
    pub(crate) identity: Json,
    /// What a person reads.
    pub(crate) name: String,
    /// Its state; null if none came.
    pub(crate) state: Json,
}

impl<P: Provider> Driver<P> {
    fn list_block(&self, type_name: &str) -> proto::schema::Block {
        let schema = self.schema.list_resource_schemas.get(type_name);
        let schema = schema.unwrap_or_else(|| panic!("there is no list resource {type_name}"));
        schema.block.clone().expect("a schema has a block")
    }

    /// `ValidateListResourceConfig`.
    pub(crate) async fn validate_list(&self, type_name: &str, config: Json) -> Vec<Told> {
        let config = core::complete(&self.list_block(type_name), &config);
        let request = Request::new(proto::validate_list_resource_config::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
            ..Default::default()
        });
        let answer = self.server.validate_list_resource_config(request).await;
        told(answer.expect("an answer").into_inner().diagnostics)
    }

    /// `ListResource`; null as the configuration stands for no `config` block.
    pub(crate) async fn list(
        &self,
        type_name: &str,
        config: Json,
        limit: i64,
        states: bool,
    ) -> (Vec<Item>, Vec<Told>) {
        let config = core::complete(&self.list_block(type_name), &config);
        let request = Request::new(proto::list_resource::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
            include_resource_object: states,
            limit,
        });
        let answer = self.server.list_resource(request).await;
        let mut events = std::pin::pin!(answer.expect("a stream").into_inner());
        let (mut items, mut said) = (Vec::new(), Vec::new());
        while let Some(event) = events.next().await {
            let event = event.expect("an event");
            let about = told(event.diagnostic);
            if event.identity.is_none() {
                assert!(!about.is_empty(), "an event without an identity says why");
            } else {
                items.push(Item {
                    identity: identity_json(event.identity),
                    name: event.display_name,
                    state: event.resource_object.as_ref().map_or(Json::Null, jv),
                });
            }
            said.extend(about);
        }
        (items, said)
    }
}
