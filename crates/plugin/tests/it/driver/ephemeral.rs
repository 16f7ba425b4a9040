//! Driving ephemeral resources as Terraform does: what is opened must keep what was configured and be known in full;
//! closing gets the private data of the opening.

use chrono::{DateTime, Utc};
use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::Value as Json;
use tonic::Request;

use super::values::{Told, dv, jv, told};
use super::{Driver, core};

/// What opening or renewing gave.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// The opened object; null after an error and after a renewal.
    pub(crate) result: Json,
    /// Private data, if there is any.
    pub(crate) private: Option<Vec<u8>>,
    /// When to renew.
    pub(crate) renew_at: Option<DateTime<Utc>>,
    /// Errors and warnings.
    pub(crate) told: Vec<Told>,
}

impl<P: Provider> Driver<P> {
    /// The block of an ephemeral resource type.
    pub(crate) fn ephemeral_block(&self, type_name: &str) -> proto::schema::Block {
        let schema = self.schema.ephemeral_resource_schemas.get(type_name);
        let schema = schema.unwrap_or_else(|| panic!("there is no ephemeral type {type_name}"));
        schema.block.clone().expect("a schema has a block")
    }

    /// `ValidateEphemeralResourceConfig`.
    pub(crate) async fn validate_ephemeral(&self, type_name: &str, config: Json) -> Vec<Told> {
        let config = core::complete(&self.ephemeral_block(type_name), &config);
        let request = Request::new(proto::validate_ephemeral_resource_config::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
        });
        let answer = self.server.validate_ephemeral_resource_config(request);
        told(answer.await.expect("an answer").into_inner().diagnostics)
    }

    /// `OpenEphemeralResource`, with Terraform's own checks on the answer.
    pub(crate) async fn open(&self, type_name: &str, config: Json) -> Open {
        let block = self.ephemeral_block(type_name);
        let config = core::complete(&block, &config);
        let request = Request::new(proto::open_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
            client_capabilities: None,
        });
        let answer = self.server.open_ephemeral_resource(request).await;
        let answer = answer.expect("an answer").into_inner();
        let open = Open {
            result: answer.result.as_ref().map_or(Json::Null, jv),
            private: answer.private,
            renew_at: answer.renew_at.map(instant),
            told: told(answer.diagnostics),
        };
        if !open.told.iter().any(|said| said.is_error) {
            core::insist_on_plan(&block, &Json::Null, &config, &open.result);
            core::insist_on_result(&open.result, &open.result, "the opened object");
        }
        open
    }

    /// `RenewEphemeralResource`, from an opening or the last renewal.
    pub(crate) async fn renew(&self, type_name: &str, last: &Open) -> Open {
        let request = Request::new(proto::renew_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            private: last.private.clone(),
        });
        let answer = self.server.renew_ephemeral_resource(request).await;
        let answer = answer.expect("an answer").into_inner();
        Open {
            result: Json::Null,
            private: answer.private,
            renew_at: answer.renew_at.map(instant),
            told: told(answer.diagnostics),
        }
    }

    /// `CloseEphemeralResource`; give it the opening, as Terraform does, never a renewal.
    pub(crate) async fn close(&self, type_name: &str, opening: &Open) -> Vec<Told> {
        let request = Request::new(proto::close_ephemeral_resource::Request {
            type_name: type_name.to_owned(),
            private: opening.private.clone(),
        });
        let answer = self.server.close_ephemeral_resource(request).await;
        told(answer.expect("an answer").into_inner().diagnostics)
    }
}

fn instant(stamp: prost_types::Timestamp) -> DateTime<Utc> {
    let nanos = u32::try_from(stamp.nanos).expect("no negative nanoseconds");
    DateTime::from_timestamp(stamp.seconds, nanos).expect("an instant of this world")
}
