//! `ephemeral_environment`: the lifetime of one whole Terraform state. One verb per file.

use async_trait::async_trait;
use ledger::event::Subject;
use plugin::{Configured, IdentityPart, IdentitySchema, ResourceExtras};
use tf_provider::{
    AttributePath, Diagnostics, Resource,
    schema::Schema,
    value::{Value, ValueEmpty},
};

use crate::{context::Context, diag};

mod address;
mod capture;
mod create;
mod delete;
mod import;
pub mod meaning;
pub mod model;
pub mod plan;
mod private;
mod read;
mod schema;
mod update;
mod written;

pub use model::EnvironmentModel;
pub use private::PrivateModel;
pub use schema::environment_schema;

/// The id alone: it is fresh for every environment, in whatever ledger.
const IDENTITY: IdentitySchema = IdentitySchema {
    version: 0,
    parts: &[IdentityPart {
        name: "id",
        description: "The environment's id, the key of its record in the ledger.",
    }],
};

/// The resource, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct EnvironmentResource {
    context: Configured<Context>,
}

impl EnvironmentResource {
    /// A resource that works with what `context` will hold.
    #[must_use]
    pub fn new(context: Configured<Context>) -> Self {
        Self { context }
    }
}

impl ResourceExtras for EnvironmentResource {
    fn identity_schema(&self) -> Option<IdentitySchema> {
        Some(IDENTITY)
    }

    fn without_defaults(&self, state: EnvironmentModel) -> EnvironmentModel {
        match self.context.get() {
            Some(context) => written::written(state, &context.settings),
            None => state,
        }
    }
}

#[async_trait]
impl Resource for EnvironmentResource {
    type State<'a> = EnvironmentModel;
    type PrivateState<'a> = Value<PrivateModel>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _diags: &mut Diagnostics) -> Option<Schema> {
        Some(environment_schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: EnvironmentModel) -> Option<()> {
        let _ = meaning::meaning(&config, None, diags);
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: EnvironmentModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(EnvironmentModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let private = private.unwrap_or_default();
        let (state, private) = read::read(&context, &state, &private, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn plan_create<'a>(
        &self,
        diags: &mut Diagnostics,
        _proposed: EnvironmentModel,
        config: EnvironmentModel,
        _meta: ValueEmpty,
    ) -> Option<(EnvironmentModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let planned = plan::create(&config, &context.settings, diags);
        // Asked whatever the configuration is like: all problems are told at once.
        context.may_write(diags)?;
        let planned = planned?;
        let seen = capture::look(&context).await;
        if !seen.obstacles.is_empty() {
            diags.add_warning(diag::will_resist(&seen.obstacles));
        }
        Some((planned, Value::Null))
    }

    async fn plan_update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: EnvironmentModel,
        _proposed: EnvironmentModel,
        config: EnvironmentModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(EnvironmentModel, Value<PrivateModel>, Vec<AttributePath>)> {
        let context = self.context.require(diags)?;
        let (address, _) = address::resolve(&config, &context);
        let seen = capture::look(&context).await;
        // Where the configuration says the address, a change of it is one of the configuration.
        let discovered = address.filter(|_| matches!(config.state, Value::Null));
        let sight = plan::Sight {
            address: discovered.map(|address| address.to_string()),
            configuration: seen.digest,
        };
        let planned = plan::update(&prior, &config, &sight, &context.settings, diags);
        if planned.as_ref() != Some(&prior) {
            context.may_write(diags)?;
        }
        let planned = planned?;
        if !seen.obstacles.is_empty() {
            diags.add_warning(diag::will_resist(&seen.obstacles));
        }
        let mut replaces = Vec::new();
        if planned.name != prior.name {
            replaces.push(AttributePath::new("name"));
        }
        Some((planned, private, replaces))
    }

    async fn plan_destroy<'a>(
        &self,
        _diags: &mut Diagnostics,
        _prior: EnvironmentModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<Value<PrivateModel>> {
        Some(private)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: EnvironmentModel,
        _config: EnvironmentModel,
        _private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(EnvironmentModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let (state, private) = create::create(&context, &planned, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: EnvironmentModel,
        planned: EnvironmentModel,
        _config: EnvironmentModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(EnvironmentModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let private = private.unwrap_or_default();
        let state = update::update(&context, &prior, &planned, &private, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: EnvironmentModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<()> {
        let context = self.context.require(diags)?;
        let private = private.unwrap_or_default();
        delete::delete(&context, &prior, &private, diags).await
    }

    async fn import<'a>(
        &self,
        diags: &mut Diagnostics,
        id: String,
    ) -> Option<(EnvironmentModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let (state, private) = import::import(&context, &id, diags).await?;
        Some((state, Value::Value(private)))
    }
}

/// The key of the record that `state` stands for; `None` if it has none, which was reported.
fn subject(state: &EnvironmentModel, diags: &mut Diagnostics) -> Option<Subject> {
    let subject = match &state.id {
        Value::Value(id) => Subject::parse(id),
        Value::Null | Value::Unknown => None,
    };
    if subject.is_none() {
        diags.add_error(diag::missing_id());
    }
    subject
}
