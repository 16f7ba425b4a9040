//! `ephemeral_environment`: the lifetime of one whole Terraform state. One verb per file.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Record, Stored},
    clock::Timestamp,
};
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use crate::{
    context::{Context, environment_by_id_or_name},
    diag,
    object::{Change, Object},
    private::PrivateModel,
    update::Decision,
};

mod address;
mod capsule;
mod create;
mod delete;
pub mod model;
pub mod plan;
mod update;
pub mod validate;
mod written;

pub use model::EnvironmentModel;

#[async_trait]
impl Object for EnvironmentModel {
    const NOUN: &'static str = "environment";
    const IMPORTABLE: diag::Importable = diag::Importable::Environment;
    const ID: &'static str = "The environment's id, the key of its record in the ledger.";

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

    fn check(&self, diags: &mut Diagnostics) {
        let _ = validate::validate(self, None, diags);
    }

    fn without_defaults(self, context: Option<&Context>) -> Self {
        match context {
            Some(context) => written::written(self, &context.settings),
            None => self,
        }
    }

    async fn plan(
        context: &Context,
        prior: Option<&Self>,
        config: &Self,
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let taken = capsule::take(context).await;
        let planned = match prior {
            None => plan::create(config, &context.settings, diags),
            Some(prior) => {
                let (address, _) = address::resolve(config, context);
                // Where the configuration says the address, a change of it is one of the configuration.
                let discovered = address.filter(|_| matches!(config.state, Value::Null));
                let sight = plan::Sight {
                    address: discovered.map(|address| address.to_string()),
                    configuration: taken.digest(),
                };
                plan::update(prior, config, &sight, &context.settings, diags)
            }
        };
        // Asked whatever the configuration is like: all problems are told at once.
        if prior.is_none() || planned.as_ref() != prior {
            context.may_write(diags)?;
        }
        let planned = planned?;
        capsule::warn(&taken, diags);
        Some(planned)
    }

    fn replaced_by(prior: &Self, planned: &Self) -> Option<&'static str> {
        (planned.name != prior.name).then_some("name")
    }

    async fn apply(
        context: &Arc<Context>,
        change: Change<'_, Self>,
        diags: &mut Diagnostics,
    ) -> Option<(Self, PrivateModel)> {
        let Change { prior, planned, .. } = change;
        match prior {
            None => create::create(context, planned, diags).await,
            Some((prior, private)) => {
                let state = update::update(context, prior, planned, private, diags).await?;
                Some((state, private.clone()))
            }
        }
    }

    fn release(
        context: &Context,
        stored: Stored,
        now: Timestamp,
    ) -> Result<Decision<()>, Diagnostic> {
        delete::release(context, stored, now)
    }
}
