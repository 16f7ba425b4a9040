//! `ephemeral_environment`: the lifetime of one whole Terraform state. One verb per file.

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Record, Stored},
    clock::Timestamp,
};
use plugin::{Configured, IdentityPart, IdentitySchema, ResourceExtras};
use tf_provider::{
    AttributePath, Diagnostics, Resource,
    schema::Schema,
    value::{Value, ValueEmpty},
};

use crate::{
    context::{Context, environment_by_id_or_name},
    diag,
    object::{self, Object},
    private::PrivateModel,
};

mod address;
mod capsule;
mod create;
mod delete;
pub mod model;
pub mod plan;
mod schema;
mod update;
pub mod validate;
mod written;

pub use model::EnvironmentModel;
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
        let _ = validate::validate(&config, None, diags);
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
        object::read(&context, state, private.unwrap_or_default(), diags).await
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
        capsule::warn(&capsule::take(&context).await, diags);
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
        let taken = capsule::take(&context).await;
        // Where the configuration says the address, a change of it is one of the configuration.
        let discovered = address.filter(|_| matches!(config.state, Value::Null));
        let sight = plan::Sight {
            address: discovered.map(|address| address.to_string()),
            configuration: taken.digest(),
        };
        let planned = plan::update(&prior, &config, &sight, &context.settings, diags);
        if planned.as_ref() != Some(&prior) {
            context.may_write(diags)?;
        }
        let planned = planned?;
        capsule::warn(&taken, diags);
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
        object::import(&context, &id, diags).await
    }
}

#[async_trait]
impl Object for EnvironmentModel {
    const NOUN: &'static str = "environment";
    const IMPORTABLE: diag::Importable = diag::Importable::Environment;

    fn id(&self) -> &Value<String> {
        &self.id
    }

    fn living(record: &Record, before: &Self, now: Timestamp) -> Option<Self> {
        let environment = record.environment().filter(|one| !one.is_over())?;
        Some(Self::of_record(environment, before, now))
    }

    async fn find(book: &dyn Book, text: &str) -> Result<Option<Stored>, BookError> {
        environment_by_id_or_name(book, text).await
    }
}
