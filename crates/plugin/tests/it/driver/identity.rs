//! Driving what clients since Terraform 1.12 do with identities, and moves between provider addresses.

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::Value as Json;
use tonic::Request;

use super::values::{Told, dv, jv, told};
use super::{Driver, Planned, Stored};

/// An identity as a client would send it.
pub(crate) fn identity(json: &Json) -> proto::ResourceIdentityData {
    proto::ResourceIdentityData {
        identity_data: Some(dv(json)),
    }
}

/// An identity as JSON; null if there is none.
pub(crate) fn identity_json(data: Option<proto::ResourceIdentityData>) -> Json {
    let data = data.and_then(|data| data.identity_data);
    data.as_ref().map_or(Json::Null, jv)
}

/// A state to move.
pub(crate) struct Source<'a> {
    /// The provider that served it.
    pub(crate) provider: &'a str,
    /// Its type there.
    pub(crate) type_name: &'a str,
    /// The version of its schema.
    pub(crate) version: i64,
    /// The stored state.
    pub(crate) state: &'a Json,
    /// Private data.
    pub(crate) private: &'a [u8],
    /// Its stored identity, if it has one.
    pub(crate) identity: Option<&'a Json>,
}

impl<P: Provider> Driver<P> {
    /// `GetResourceIdentitySchemas`.
    pub(crate) async fn identity_schemas(&self) -> proto::get_resource_identity_schemas::Response {
        let request = Request::new(proto::get_resource_identity_schemas::Request {});
        let answer = self.server.get_resource_identity_schemas(request).await;
        answer.expect("an answer").into_inner()
    }

    /// `UpgradeResourceIdentity`.
    pub(crate) async fn upgrade_identity(
        &self,
        type_name: &str,
        version: i64,
        stored: &Json,
    ) -> (Json, Vec<Told>) {
        let request = Request::new(proto::upgrade_resource_identity::Request {
            type_name: type_name.to_owned(),
            version,
            raw_identity: Some(raw_state(stored)),
        });
        let answer = self.server.upgrade_resource_identity(request).await;
        let answer = answer.expect("an answer").into_inner();
        (
            identity_json(answer.upgraded_identity),
            told(answer.diagnostics),
        )
    }

    /// `ImportResourceState` by identity; the import's own answer, not read again.
    pub(crate) async fn import_by_identity(
        &self,
        type_name: &str,
        by: &Json,
    ) -> (Stored, Json, Vec<Told>) {
        let request = Request::new(proto::import_resource_state::Request {
            type_name: type_name.to_owned(),
            identity: Some(identity(by)),
            ..Default::default()
        });
        let answer = self.server.import_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        let said = told(answer.diagnostics);
        let mut imported = answer.imported_resources.into_iter();
        match imported.next() {
            None => (Stored::nothing(), Json::Null, said),
            Some(object) => {
                let stored = Stored {
                    state: object.state.as_ref().map_or(Json::Null, jv),
                    private: object.private,
                    told: said.clone(),
                };
                (stored, identity_json(object.identity), said)
            }
        }
    }

    /// The identity that `ReadResource` answers to a client that knows `before`.
    pub(crate) async fn read_identity(
        &self,
        type_name: &str,
        stored: &Stored,
        before: Option<&Json>,
    ) -> Json {
        let request = Request::new(proto::read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: Some(dv(&stored.state)),
            private: stored.private.clone(),
            current_identity: before.map(identity),
            ..Default::default()
        });
        let answer = self.server.read_resource(request).await;
        identity_json(answer.expect("an answer").into_inner().new_identity)
    }

    /// The identities of a plan and of its apply, to a client that knows `before`.
    pub(crate) async fn change_identity(
        &self,
        type_name: &str,
        planned: &Planned,
        before: Option<&Json>,
    ) -> (Json, Json) {
        let request = Request::new(proto::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(dv(&planned.prior)),
            proposed_new_state: Some(dv(&planned.state)),
            config: Some(dv(&planned.config)),
            prior_private: planned.private.clone(),
            prior_identity: before.map(identity),
            ..Default::default()
        });
        let answer = self.server.plan_resource_change(request).await;
        let plan = answer.expect("an answer").into_inner();
        let request = Request::new(proto::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(dv(&planned.prior)),
            planned_state: plan.planned_state,
            config: Some(dv(&planned.config)),
            planned_private: plan.planned_private,
            planned_identity: plan.planned_identity.clone(),
            ..Default::default()
        });
        let answer = self.server.apply_resource_change(request).await;
        let applied = answer.expect("an answer").into_inner();
        (
            identity_json(plan.planned_identity),
            identity_json(applied.new_identity),
        )
    }

    /// `MoveResourceState` to `type_name`.
    pub(crate) async fn relocate(&self, type_name: &str, source: Source<'_>) -> (Stored, Json) {
        let request = Request::new(proto::move_resource_state::Request {
            source_provider_address: source.provider.to_owned(),
            source_type_name: source.type_name.to_owned(),
            source_schema_version: source.version,
            source_state: Some(raw_state(source.state)),
            target_type_name: type_name.to_owned(),
            source_private: source.private.to_vec(),
            source_identity: source.identity.map(raw_state),
            source_identity_schema_version: 0,
        });
        let answer = self.server.move_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        let stored = Stored {
            state: answer.target_state.as_ref().map_or(Json::Null, jv),
            private: answer.target_private,
            told: told(answer.diagnostics),
        };
        (stored, identity_json(answer.target_identity))
    }
}

fn raw_state(json: &Json) -> proto::RawState {
    proto::RawState {
        json: json.to_string().into_bytes(),
        ..Default::default()
    }
}
