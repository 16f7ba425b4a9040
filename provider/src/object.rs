//! The common part of an environment and a lease: each is a resource whose record in the ledger is found by its id, read anew
//! and imported. Only an authoritative "gone" from the right ledger drops one from the state.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Record, Stored},
    clock::Timestamp,
    event::Subject,
};
use plugin::{Configured, IdentityPart, IdentitySchema, ResourceExtras};
use serde::{Serialize, de::DeserializeOwned};
use tf_provider::{
    AttributePath, Diagnostic, Diagnostics, Resource,
    schema::Schema,
    value::{Value, ValueEmpty},
};

use crate::{
    attributes::Attributes,
    context::{Context, Missing, silence_is_proof},
    diag::{self, Importable},
    private::PrivateModel,
    update::{Decision, settle, update_record},
};

/// A resource with a record of its own, as Terraform sees it. What answers `None` has reported why.
#[async_trait]
pub(crate) trait Object:
    Attributes + Serialize + DeserializeOwned + Clone + Default + PartialEq + Send + Sync + 'static
{
    /// How people call one.
    const NOUN: &'static str;
    /// How one is imported.
    const IMPORTABLE: Importable;
    /// The description of its identity.
    const ID: &'static str;
    /// See [`ResourceExtras::write_only`].
    const WRITE_ONLY: &'static [&'static str] = &[];

    /// The key of its record, as the state has it.
    fn id(&self) -> &Value<String>;

    /// `record` as Terraform sees it, with what only `before` knows; `None` if its life is over. A lapsed lease is not over.
    fn living(record: &Record, before: &Self, now: Timestamp) -> Option<Self>;

    /// The record that a person means by `text`.
    async fn find(book: &dyn Book, text: &str) -> Result<Option<Stored>, BookError>;

    /// Reports what is wrong with a configuration.
    fn check(&self, diags: &mut Diagnostics);

    /// See [`ResourceExtras::without_defaults`].
    fn without_defaults(self, context: Option<&Context>) -> Self;

    /// The plan of an apply of `config`, to `prior` or without one.
    async fn plan(
        context: &Context,
        prior: Option<&Self>,
        config: &Self,
        diags: &mut Diagnostics,
    ) -> Option<Self>;

    /// The attribute that keeps `prior` from becoming what is `planned`, so that it is replaced.
    fn replaced_by(_prior: &Self, _planned: &Self) -> Option<&'static str> {
        None
    }

    /// Writes the record; `None` if nothing was written.
    async fn apply(
        context: &Arc<Context>,
        change: Change<'_, Self>,
        diags: &mut Diagnostics,
    ) -> Option<(Self, PrivateModel)>;

    /// How a record is given back.
    ///
    /// # Errors
    /// It must not be.
    fn release(
        context: &Context,
        stored: Stored,
        now: Timestamp,
    ) -> Result<Decision<()>, Diagnostic>;
}

/// A planned change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<'a, O> {
    /// The state before it, and the private data beside that.
    pub(crate) prior: Option<(&'a O, &'a PrivateModel)>,
    /// The planned state.
    pub(crate) planned: &'a O,
    /// The configuration.
    pub(crate) config: &'a O,
}

/// The resource of an [`Object`], before and after the provider is configured.
pub(crate) struct ObjectResource<O> {
    context: Configured<Context>,
    object: PhantomData<fn() -> O>,
}

impl<O: Object> ObjectResource<O> {
    /// The id alone: it is fresh for every object, in whatever ledger.
    const IDENTITY: IdentitySchema = IdentitySchema {
        version: 0,
        parts: &[IdentityPart {
            name: "id",
            description: O::ID,
        }],
    };

    /// A resource that works with what `context` will hold.
    #[must_use]
    pub(crate) fn new(context: Configured<Context>) -> Self {
        Self {
            context,
            object: PhantomData,
        }
    }
}

impl<O: Object> ResourceExtras for ObjectResource<O> {
    fn write_only(&self) -> &'static [&'static str] {
        O::WRITE_ONLY
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        Some(Self::IDENTITY)
    }

    fn without_defaults(&self, state: O) -> O {
        state.without_defaults(self.context.get().as_deref())
    }
}

#[async_trait]
impl<O: Object> Resource for ObjectResource<O> {
    type State<'a> = O;
    type PrivateState<'a> = Value<PrivateModel>;
    type ProviderMetaState<'a> = ValueEmpty;

    fn schema(&self, _diags: &mut Diagnostics) -> Option<Schema> {
        Some(O::schema())
    }

    async fn validate<'a>(&self, diags: &mut Diagnostics, config: O) -> Option<()> {
        config.check(diags);
        Some(())
    }

    async fn read<'a>(
        &self,
        diags: &mut Diagnostics,
        state: O,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(O, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        read(&context, state, private.unwrap_or_default(), diags).await
    }

    async fn plan_create<'a>(
        &self,
        diags: &mut Diagnostics,
        _proposed: O,
        config: O,
        _meta: ValueEmpty,
    ) -> Option<(O, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let planned = O::plan(&context, None, &config, diags).await?;
        Some((planned, Value::Null))
    }

    async fn plan_update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: O,
        _proposed: O,
        config: O,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(O, Value<PrivateModel>, Vec<AttributePath>)> {
        let context = self.context.require(diags)?;
        let planned = O::plan(&context, Some(&prior), &config, diags).await?;
        let replaced_by = O::replaced_by(&prior, &planned).map(AttributePath::new);
        Some((planned, private, replaced_by.into_iter().collect()))
    }

    async fn plan_destroy<'a>(
        &self,
        _diags: &mut Diagnostics,
        _prior: O,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<Value<PrivateModel>> {
        Some(private)
    }

    async fn create<'a>(
        &self,
        diags: &mut Diagnostics,
        planned: O,
        config: O,
        _private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(O, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let change = Change {
            prior: None,
            planned: &planned,
            config: &config,
        };
        let (state, private) = O::apply(&context, change, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn update<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: O,
        planned: O,
        config: O,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<(O, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        let private = private.unwrap_or_default();
        let change = Change {
            prior: Some((&prior, &private)),
            planned: &planned,
            config: &config,
        };
        let (state, private) = O::apply(&context, change, diags).await?;
        Some((state, Value::Value(private)))
    }

    async fn destroy<'a>(
        &self,
        diags: &mut Diagnostics,
        prior: O,
        private: Value<PrivateModel>,
        _meta: ValueEmpty,
    ) -> Option<()> {
        let context = self.context.require(diags)?;
        let (subject, private) = (subject(&prior, diags)?, private.unwrap_or_default());
        let missing = |reading: &_| silence_is_proof(&subject, &private, reading);
        let decide = |stored, now| O::release(&context, stored, now);
        let released = update_record(&context, &subject, missing, decide).await;
        settle(released, &format!("releasing the {}", O::NOUN), diags)
    }

    async fn import<'a>(
        &self,
        diags: &mut Diagnostics,
        id: String,
    ) -> Option<(O, Value<PrivateModel>)> {
        let context = self.context.require(diags)?;
        import(&context, &id, diags).await
    }
}

/// The key of the record that `state` stands for; `None` if it has none, which was reported.
pub(crate) fn subject(state: &impl Object, diags: &mut Diagnostics) -> Option<Subject> {
    let subject = match state.id() {
        Value::Value(id) => Subject::parse(id),
        Value::Null | Value::Unknown => None,
    };
    if subject.is_none() {
        diags.add_error(diag::missing_id());
    }
    subject
}

/// `state`, refreshed from the ledger; or `None` if it is gone, or if an error was reported. While it is
/// not known which ledger to ask, the state stands as it is.
async fn read<O: Object>(
    context: &Context,
    state: O,
    private: PrivateModel,
    diags: &mut Diagnostics,
) -> Option<(O, Value<PrivateModel>)> {
    if !context.settings.ledger_is_known {
        return Some((state, Value::Value(private)));
    }
    let subject = subject(&state, diags)?;
    let (stored, reading) = match context.look(&subject).await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::ledger(&format!("reading the {}", O::NOUN), &error));
            return None;
        }
    };
    let Some(stored) = stored else {
        if let Err(doubt) = silence_is_proof(&subject, &private, &reading) {
            diags.add_error(doubt);
        }
        return None;
    };
    // A tombstone is an authority of its own: it is gone.
    let object = O::living(&stored.record, &state, reading.now)?;
    Some((object, Value::Value(PrivateModel::of(&reading))))
}

/// The object that a person means by `text`; `None` if there is none, which was reported. What the ledger does not hold, such as
/// `triggers`, cannot be imported.
async fn import<O: Object>(
    context: &Context,
    text: &str,
    diags: &mut Diagnostics,
) -> Option<(O, Value<PrivateModel>)> {
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
        return None;
    }
    let text = text.trim();
    let found = async {
        let book = context.book(Missing::Refuse).await?;
        let stored = O::find(book.as_ref(), text).await?;
        Ok((stored, book.reading().await?))
    };
    let (stored, reading) = match found.await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::ledger(&format!("importing the {}", O::NOUN), &error));
            return None;
        }
    };
    let object = stored.and_then(|stored| O::living(&stored.record, &O::default(), reading.now));
    if object.is_none() {
        diags.add_error(diag::nothing_to_import(O::IMPORTABLE, text));
    }
    Some((object?, Value::Value(PrivateModel::of(&reading))))
}
