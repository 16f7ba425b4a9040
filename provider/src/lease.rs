//! `ttl_lease`: a lifetime for a part. One verb per file.

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Record, Stored},
    clock::Timestamp,
    event::Subject,
    id::RunId,
};
use plugin::{Configured, IdentityPart, IdentitySchema, ResourceExtras};
use tf_provider::{
    AttributePath, Diagnostics, Resource,
    schema::Schema,
    value::{Value, ValueEmpty},
};

use crate::{
    context::Context,
    diag,
    object::{self, Object},
    private::PrivateModel,
    run_lease::admit::{admit, token},
};

mod apply;
pub mod model;
pub mod plan;
mod schema;
pub mod validate;

pub use model::LeaseModel;
pub use schema::lease_schema;
use validate::Validated;

/// The id alone: it is fresh for every lease, in whatever ledger.
const IDENTITY: IdentitySchema = IdentitySchema {
    version: 0,
    parts: &[IdentityPart {
        name: "id",
        description: "The lease's id, the key of its record in the ledger.",
    }],
};

/// What an apply grants.
#[derive(Debug)]
struct Grant {
    /// The parts of what was planned.
    validated: Validated,
    /// The run whose token stands at the lease itself.
    run: Option<RunId>,
}

/// The resource, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct LeaseResource {
    context: Configured<Context>,
}

impl LeaseResource {
    /// A resource that works with what `context` will hold.
    #[must_use]
    pub fn new(context: Configured<Context>) -> Self {
        Self { context }
    }
}

impl ResourceExtras for LeaseResource {
    fn write_only(&self) -> &'static [&'static str] {
        &["run_token"]
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        Some(IDENTITY)
    }

    fn without_defaults(&self, mut state: LeaseModel) -> LeaseModel {
        // Whoever holds it goes on holding it when the configuration names nobody.
        state.holder = Value::Null;
        state
    }
}

#[async_trait]
impl Resource for LeaseResource {
    type State<'a> = LeaseModel;
    type PrivateState<'a> = Value<PrivateModel>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _diags: &mut Diagnostics) -> Option<Schema> {
        Some(lease_schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: LeaseModel) -> Option<()> {
        let _ = validate::validate(&config, diags);
        if let Err(problem) = token(&config.run_token) {
            diags.add_error(problem);
        }
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: LeaseModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(LeaseModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        object::read(&context, state, private.unwrap_or_default(), diags).await
    }

    async fn plan_create<'a>(
        &self,
        diags: &mut Diagnostics,
        _proposed: LeaseModel,
        config: LeaseModel,
        _meta: ValueEmpty,
    ) -> Option<(LeaseModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let planned = plan::create(&config, diags);
        // Asked whatever the configuration is like: all problems are told at once.
        let allowed = context.may_write(diags);
        let run = admitted(&context, &config, diags).await;
        allowed.and(run)?;
        Some((planned?, Value::Null))
    }

    async fn plan_update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: LeaseModel,
        _proposed: LeaseModel,
        config: LeaseModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(LeaseModel, Value<PrivateModel>, Vec<AttributePath>)> {
        let context = self.context.require(diags)?;
        let planned = plan::update(&prior, &config, diags);
        if planned.as_ref() != Some(&prior) {
            let allowed = context.may_write(diags);
            let run = admitted(&context, &config, diags).await;
            allowed.and(run)?;
        }
        Some((planned?, private, Vec::new()))
    }

    async fn plan_destroy<'a>(
        &self,
        _diags: &mut Diagnostics,
        _prior: LeaseModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<Value<PrivateModel>> {
        Some(private)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: LeaseModel,
        config: LeaseModel,
        _private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(LeaseModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let grant = granting(&context, &config, &planned, diags).await?;
        let (state, private) = apply::create(&context, &planned, grant, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: LeaseModel,
        planned: LeaseModel,
        config: LeaseModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(LeaseModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let grant = granting(&context, &config, &planned, diags).await?;
        let private = private.unwrap_or_default();
        let state = apply::update(&context, &prior, &planned, &grant, &private, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: LeaseModel,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<()> {
        let context = self.context.require(diags)?;
        let private = private.unwrap_or_default();
        apply::delete(&context, &prior, &private, diags).await
    }

    async fn import<'a>(
        &self,
        diags: &mut Diagnostics,
        id: String,
    ) -> Option<(LeaseModel, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        object::import(&context, &id, diags).await
    }
}

/// What an apply of `planned` grants, and in which run; `None` if anything is wrong with it, all of which was reported.
async fn granting(
    context: &Context,
    config: &LeaseModel,
    planned: &LeaseModel,
    diags: &mut Diagnostics,
) -> Option<Grant> {
    let before = diags.errors.len();
    let validated = validate::validate(planned, diags);
    let _ = context.may_write(diags);
    let run = admitted(context, config, diags).await;
    if before < diags.errors.len() {
        return None;
    }
    Some(Grant {
        validated,
        run: run?,
    })
}

/// The run that the token in `config` belongs to, if there is one and it is known; `None` if it opens nothing, which was
/// reported.
async fn admitted(
    context: &Context,
    config: &LeaseModel,
    diags: &mut Diagnostics,
) -> Option<Option<RunId>> {
    let admitted = admit(context, &config.run_token).await;
    admitted.map_err(|problem| diags.add_error(problem)).ok()
}

#[async_trait]
impl Object for LeaseModel {
    const NOUN: &'static str = "lease";
    const IMPORTABLE: diag::Importable = diag::Importable::Lease;

    fn id(&self) -> &Value<String> {
        &self.id
    }

    fn living(record: &Record, before: &Self, now: Timestamp) -> Option<Self> {
        match record {
            Record::Lease(lease) if lease.released.is_none() => {
                Some(Self::of_record(lease, before, now))
            }
            _ => None,
        }
    }

    async fn find(book: &dyn Book, text: &str) -> Result<Option<Stored>, BookError> {
        match Subject::parse(text) {
            Some(subject @ Subject::Lease(_)) => book.get(&subject).await,
            _ => Ok(None),
        }
    }
}
