//! The one way of every action: check what was asked for, change the one record that it names, and say what was done.

use std::{marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Claim, Record, Stored},
    clock::Timestamp,
    environment::Lifecycle,
    event::Subject,
    request::Change,
};
use plugin::{Action, Configured, Progress};
use serde::de::DeserializeOwned;
use tf_provider::{Diagnostic, Diagnostics, schema::Schema, value::Value};

use super::arguments;
use crate::{
    attributes::Attributes,
    context::{Context, Missing, environment_by_id_or_name},
    diag,
    update::{Decision, Outcome, settle, update_record},
};

/// A change that was written.
pub(super) struct Changed {
    /// The record before it.
    pub(super) before: Record,
    /// The record since.
    pub(super) after: Record,
    /// The claim on it, if there was one.
    claim: Option<Claim>,
    /// When, by the ledger's clock.
    now: Timestamp,
}

/// The type of an action's record.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    /// A living environment, by id or name.
    Environment,
    /// A lease, by id.
    Lease,
}

impl Target {
    /// The argument that names it, and how people call one.
    fn noun(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Lease => "lease",
        }
    }
}

/// The arguments of an action, as typed.
pub(super) trait Request: Attributes + DeserializeOwned + Send + Sync + 'static {
    /// The rest of it, parsed.
    type Checked: Checked;
    /// The type of its record.
    const TARGET: Target;

    /// The name of the record.
    fn name(&self) -> &Value<String>;

    /// The rest, each problem reported at its argument.
    fn check(&self, diags: &mut Diagnostics) -> Option<Self::Checked>;
}

/// A request without a problem.
pub(super) trait Checked: Send + Sync {
    /// The change of `record`.
    fn decide(
        &self,
        context: &Context,
        record: &Record,
        now: Timestamp,
    ) -> Result<Change, Diagnostic>;

    /// The message once it is done.
    fn done(&self, changed: &Changed) -> String;
}

/// The action that does what `R` asks for.
pub struct Requested<R> {
    context: Configured<Context>,
    request: PhantomData<fn() -> R>,
}

impl<R> Requested<R> {
    /// An action that works with what `context` will hold.
    #[must_use]
    pub fn new(context: Configured<Context>) -> Self {
        Self {
            context,
            request: PhantomData,
        }
    }
}

#[async_trait]
impl<R: Request> Action for Requested<R> {
    type Config = R;

    fn schema(&self) -> Schema {
        R::schema()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: R) {
        let _ = arguments::name(R::TARGET.noun(), config.name(), diags);
        let _ = config.check(diags);
    }

    async fn invoke(&self, diags: &mut Diagnostics, config: R, progress: &Progress) {
        let name = arguments::name(R::TARGET.noun(), config.name(), diags);
        let checked = config.check(diags);
        let context = usable(&self.context, diags);
        let (Some(name), Some(checked), Some(context)) = (name, checked, context) else {
            return;
        };
        let written = write(&context, R::TARGET, &name, &checked).await;
        let Some(changed) = settle(written, "changing a record", diags) else {
            return;
        };
        diags.warnings.extend(too_late(&changed));
        progress.say(checked.done(&changed)).await;
    }
}

/// The context of an action; `None` if nothing may be changed with it, for reasons that were all reported.
fn usable(configured: &Configured<Context>, diags: &mut Diagnostics) -> Option<Arc<Context>> {
    let context = configured.require(diags)?;
    let known = context.settings.ledger_is_known;
    if !known {
        diags.add_error(diag::ledger_not_known());
    }
    context.may_write(diags)?;
    known.then_some(context)
}

async fn write(
    context: &Context,
    target: Target,
    name: &str,
    checked: &impl Checked,
) -> Outcome<Changed> {
    let nothing = || diag::nothing_to_act_on(target.noun(), name);
    let book = context.book(Missing::Refuse).await?;
    let Some(subject) = found(book.as_ref(), target, name).await? else {
        return Ok(Err(nothing()));
    };
    let decide = |stored: Stored, now| {
        let change = checked.decide(context, &stored.record, now)?;
        let event = context.event(change.kind, now);
        let event = change
            .detail
            .into_iter()
            .fold(event, |event, (key, value)| event.with(key, value));
        Ok(Decision::Write {
            record: change.record.clone(),
            under: None,
            events: vec![event],
            answer: Changed {
                before: stored.record,
                after: change.record,
                claim: stored.claim,
                now,
            },
        })
    };
    update_record(context, &subject, |_| Err(nothing()), decide).await
}

async fn found(book: &dyn Book, target: Target, name: &str) -> Result<Option<Subject>, BookError> {
    match target {
        Target::Environment => {
            let stored = environment_by_id_or_name(book, name).await?;
            Ok(stored.map(|stored| stored.record.subject()))
        }
        Target::Lease => {
            Ok(Subject::parse(name).filter(|subject| matches!(subject, Subject::Lease(_))))
        }
    }
}

/// A warning that a change of an environment may come too late: a sweeper at work, or a teardown that has begun.
fn too_late(changed: &Changed) -> Option<Diagnostic> {
    let environment = changed.after.environment()?;
    let begun = matches!(
        environment.lifecycle,
        Lifecycle::Destroying(_) | Lifecycle::Stuck(_)
    );
    let at_work = changed
        .claim
        .as_ref()
        .is_some_and(|claim| changed.now < claim.until);
    (begun || at_work).then(|| diag::perhaps_too_late(environment.id.as_str()))
}
