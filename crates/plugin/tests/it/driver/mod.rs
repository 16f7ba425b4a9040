//! Drives a provider the way Terraform does, in JSON: proposes what Terraform would propose and panics where
//! Terraform would reject the answer. It drives any service: a server in process, without socket or child, or a client of a
//! real executable. Shared with the provider's tests; it knows no resource.
//!
//! ```ignore
//! let driver = Driver::of(Server::new(MyProvider::default())).await;
//! driver.configure(json!({})).await;
//! let lease = driver.create("ttl_lease", json!({"ttl": "1h"})).await;
//! assert_eq!(lease.state["active"], true);
//! ```

pub(crate) mod action;
pub(crate) mod core;
pub(crate) mod ephemeral;
pub(crate) mod identity;
pub(crate) mod list;
pub(crate) mod lookup;
pub(crate) mod values;

use plugin::proto::tfplugin6 as proto;
use plugin::proto::tfplugin6::provider_server::Provider;
use serde_json::{Value as Json, json};
use tonic::Request;

use values::{Told, dv, jv, spelled, told};

/// A provider and its schema.
pub(crate) struct Driver<P> {
    /// The service, for calls the driver has no word for.
    pub(crate) server: P,
    /// What `GetProviderSchema` answered.
    pub(crate) schema: proto::get_provider_schema::Response,
}

/// What `PlanResourceChange` answered.
#[derive(Debug)]
pub(crate) struct Planned {
    /// What was planned for, with every attribute.
    pub(crate) config: Json,
    /// The state that was planned from.
    pub(crate) prior: Json,
    /// The planned state; null for a destroy and after an error.
    pub(crate) state: Json,
    /// Paths that force a replacement.
    pub(crate) replace: Vec<String>,
    /// Private data.
    pub(crate) private: Vec<u8>,
    /// The private data that was planned from.
    pub(crate) prior_private: Vec<u8>,
    /// Errors and warnings.
    pub(crate) told: Vec<Told>,
}

/// A stored object.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Its state; null if there is none.
    pub(crate) state: Json,
    /// Its private data.
    pub(crate) private: Vec<u8>,
    /// Errors and warnings of the call that gave it.
    pub(crate) told: Vec<Told>,
}

impl Stored {
    /// Nothing, the start of every object.
    pub(crate) fn nothing() -> Self {
        Self {
            state: Json::Null,
            private: Vec::new(),
            told: Vec::new(),
        }
    }
}

impl<P: Provider> Driver<P> {
    /// Drives `server`; its schema must be without errors.
    pub(crate) async fn of(server: P) -> Self {
        let request = Request::new(proto::get_provider_schema::Request {});
        let schema = server.get_provider_schema(request).await;
        let schema = schema.expect("a schema").into_inner();
        assert_eq!(
            told(schema.diagnostics.clone()),
            [],
            "the schema is in order"
        );
        Self { server, schema }
    }

    /// The block of a resource type.
    pub(crate) fn block(&self, type_name: &str) -> proto::schema::Block {
        let schema = self.schema.resource_schemas.get(type_name);
        let schema = schema.unwrap_or_else(|| panic!("there is no resource type {type_name}"));
        schema.block.clone().expect("a schema has a block")
    }

    /// Validates and configures the provider; gives what was said.
    pub(crate) async fn configure(&self, config: Json) -> Vec<Told> {
        let block = self.schema.provider.clone().and_then(|schema| schema.block);
        let config = Some(dv(&core::complete(&block.unwrap_or_default(), &config)));
        let request = Request::new(proto::validate_provider_config::Request {
            config: config.clone(),
        });
        let answer = self.server.validate_provider_config(request).await;
        let said = told(answer.expect("an answer").into_inner().diagnostics);
        if said.iter().any(|said| said.is_error) {
            return said;
        }
        let request = Request::new(proto::configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config,
            client_capabilities: None,
        });
        let answer = self.server.configure_provider(request).await;
        told(answer.expect("an answer").into_inner().diagnostics)
    }

    /// `ValidateResourceConfig`, by a client that knows write-only attributes.
    pub(crate) async fn validate(&self, type_name: &str, config: Json) -> Vec<Told> {
        let client = proto::ClientCapabilities {
            write_only_attributes_allowed: true,
            ..Default::default()
        };
        self.validate_for(Some(client), type_name, config).await
    }

    /// `ValidateResourceConfig` by `client`.
    pub(crate) async fn validate_for(
        &self,
        client: Option<proto::ClientCapabilities>,
        type_name: &str,
        config: Json,
    ) -> Vec<Told> {
        let config = core::complete(&self.block(type_name), &config);
        let request = Request::new(proto::validate_resource_config::Request {
            type_name: type_name.to_owned(),
            config: Some(dv(&config)),
            client_capabilities: client,
        });
        let answer = self.server.validate_resource_config(request).await;
        told(answer.expect("an answer").into_inner().diagnostics)
    }

    /// `PlanResourceChange` from `prior` to `config` (null: a destroy), with Terraform's own checks on the answer.
    pub(crate) async fn plan(&self, type_name: &str, prior: &Stored, config: Json) -> Planned {
        let block = self.block(type_name);
        let config = core::complete(&block, &config);
        let proposed = core::propose(&block, &prior.state, &config);
        let request = Request::new(proto::plan_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(dv(&prior.state)),
            proposed_new_state: Some(dv(&proposed)),
            config: Some(dv(&config)),
            prior_private: prior.private.clone(),
            ..Default::default()
        });
        let answer = self.server.plan_resource_change(request).await;
        let answer = answer.expect("an answer").into_inner();
        let planned = Planned {
            state: answer.planned_state.as_ref().map_or(Json::Null, jv),
            replace: answer.requires_replace.into_iter().map(spelled).collect(),
            private: answer.planned_private,
            told: told(answer.diagnostics),
            prior: prior.state.clone(),
            prior_private: prior.private.clone(),
            config,
        };
        if !planned.told.iter().any(|said| said.is_error) && !planned.config.is_null() {
            core::insist_on_plan(&block, &planned.prior, &planned.config, &planned.state);
        }
        planned
    }

    /// The plan that Terraform makes once more in the apply, which must keep what the first one promised. The first one
    /// where it has errors by now: what the apply itself says of that counts too.
    async fn planned_again(&self, type_name: &str, planned: Planned) -> Planned {
        if planned.config.is_null() {
            return planned;
        }
        let prior = Stored {
            state: planned.prior.clone(),
            private: planned.prior_private.clone(),
            told: Vec::new(),
        };
        let again = self.plan(type_name, &prior, planned.config.clone()).await;
        if again.told.iter().any(|said| said.is_error) {
            return planned;
        }
        core::insist_on_promise(&planned.state, &again.state, "the second plan");
        again
    }

    /// `ApplyResourceChange` of a plan, with Terraform's own checks on the answer.
    pub(crate) async fn apply(&self, type_name: &str, planned: Planned) -> Stored {
        let planned = self.planned_again(type_name, planned).await;
        let promised = planned.state.clone();
        let stored = self.apply_as_it_is(type_name, planned).await;
        if !stored.told.iter().any(|said| said.is_error) {
            core::insist_on_result(&promised, &stored.state, "the state");
        }
        stored
    }

    /// `ApplyResourceChange` of a plan as no Terraform would send it, so that none would check the answer either.
    pub(crate) async fn apply_as_it_is(&self, type_name: &str, planned: Planned) -> Stored {
        let request = Request::new(proto::apply_resource_change::Request {
            type_name: type_name.to_owned(),
            prior_state: Some(dv(&planned.prior)),
            planned_state: Some(dv(&planned.state)),
            config: Some(dv(&planned.config)),
            planned_private: planned.private,
            ..Default::default()
        });
        let answer = self.server.apply_resource_change(request).await;
        let answer = answer.expect("an answer").into_inner();
        Stored {
            state: answer.new_state.as_ref().map_or(Json::Null, jv),
            private: answer.private,
            told: told(answer.diagnostics),
        }
    }

    /// Plans and applies a create; neither may raise an error.
    pub(crate) async fn create(&self, type_name: &str, config: Json) -> Stored {
        self.change(type_name, &Stored::nothing(), config).await
    }

    /// Plans and applies a change in place, a create or a destroy; neither step may raise an error.
    pub(crate) async fn change(&self, type_name: &str, prior: &Stored, config: Json) -> Stored {
        let planned = self.plan(type_name, prior, config).await;
        assert_no_errors(&planned.told);
        assert_eq!(planned.replace, Vec::<String>::new(), "a change in place");
        let stored = self.apply(type_name, planned).await;
        assert_no_errors(&stored.told);
        stored
    }

    /// `ReadResource`.
    pub(crate) async fn read(&self, type_name: &str, stored: &Stored) -> Stored {
        let request = Request::new(proto::read_resource::Request {
            type_name: type_name.to_owned(),
            current_state: Some(dv(&stored.state)),
            private: stored.private.clone(),
            ..Default::default()
        });
        let answer = self.server.read_resource(request).await;
        let answer = answer.expect("an answer").into_inner();
        Stored {
            state: answer.new_state.as_ref().map_or(Json::Null, jv),
            private: answer.private,
            told: told(answer.diagnostics),
        }
    }

    /// `ImportResourceState`, then `ReadResource` as Terraform does.
    pub(crate) async fn import(&self, type_name: &str, id: &str) -> Stored {
        let request = Request::new(proto::import_resource_state::Request {
            type_name: type_name.to_owned(),
            id: id.to_owned(),
            ..Default::default()
        });
        let answer = self.server.import_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        let said = told(answer.diagnostics);
        match answer.imported_resources.as_slice() {
            [imported] => {
                let stored = Stored {
                    state: imported.state.as_ref().map_or(json!(null), jv),
                    private: imported.private.clone(),
                    told: said,
                };
                self.read(type_name, &stored).await
            }
            _ => Stored {
                told: said,
                ..Stored::nothing()
            },
        }
    }

    /// `UpgradeResourceState` of a state stored under schema `version`.
    pub(crate) async fn upgrade(&self, type_name: &str, version: i64, state: &Json) -> Stored {
        let request = Request::new(proto::upgrade_resource_state::Request {
            type_name: type_name.to_owned(),
            version,
            raw_state: Some(proto::RawState {
                json: state.to_string().into_bytes(),
                ..Default::default()
            }),
        });
        let answer = self.server.upgrade_resource_state(request).await;
        let answer = answer.expect("an answer").into_inner();
        Stored {
            state: answer.upgraded_state.as_ref().map_or(Json::Null, jv),
            private: Vec::new(),
            told: told(answer.diagnostics),
        }
    }
}

/// Panics with the errors if there are any; warnings are fine.
pub(crate) fn assert_no_errors(told: &[Told]) {
    let errors: Vec<_> = told.iter().filter(|said| said.is_error).collect();
    assert!(errors.is_empty(), "unexpected errors: {errors:#?}");
}

/// The only error; panics if there is none or another.
pub(crate) fn only_error(told: &[Told]) -> &Told {
    let errors: Vec<_> = told.iter().filter(|said| said.is_error).collect();
    match errors.as_slice() {
        [error] => error,
        errors => panic!("one error was expected, there are {errors:#?}"),
    }
}
