//! `ttl_lease`: a lifetime for a part. One verb per file.

use std::sync::Arc;

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Record, Stored},
    clock::Timestamp,
    event::Subject,
    id::RunId,
};
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use crate::{
    context::Context,
    diag,
    object::{Change, Object},
    private::PrivateModel,
    run_lease::admit::{admit, token},
    update::Decision,
};

mod apply;
pub mod model;
pub mod plan;
pub mod validate;

pub use model::LeaseModel;
use validate::Validated;

/// A grant of a lease.
#[derive(Debug)]
struct Grant {
    /// The parts of what was planned.
    validated: Validated,
    /// The run whose token stands at the lease itself.
    run: Option<RunId>,
}

#[async_trait]
impl Object for LeaseModel {
    const NOUN: &'static str = "lease";
    const IMPORTABLE: diag::Importable = diag::Importable::Lease;
    const ID: &'static str = "The lease's id, the key of its record in the ledger.";
    const WRITE_ONLY: &'static [&'static str] = &["run_token"];

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

    fn check(&self, diags: &mut Diagnostics) {
        let _ = validate::validate(self, diags);
        if let Err(problem) = token(&self.run_token) {
            diags.add_error(problem);
        }
    }

    fn without_defaults(self, _context: Option<&Context>) -> Self {
        // The holder goes on holding it when the configuration names none.
        Self {
            holder: Value::Null,
            ..self
        }
    }

    async fn plan(
        context: &Context,
        prior: Option<&Self>,
        config: &Self,
        diags: &mut Diagnostics,
    ) -> Option<Self> {
        let planned = match prior {
            None => plan::create(config, diags),
            Some(prior) => plan::update(prior, config, diags),
        };
        // Asked whatever the configuration is like: all problems are told at once.
        if prior.is_none() || planned.as_ref() != prior {
            let allowed = context.may_write(diags);
            let run = admitted(context, config, diags).await;
            allowed.and(run)?;
        }
        planned
    }

    async fn apply(
        context: &Arc<Context>,
        change: Change<'_, Self>,
        diags: &mut Diagnostics,
    ) -> Option<(Self, PrivateModel)> {
        let Change {
            prior,
            planned,
            config,
        } = change;
        let grant = granting(context, config, planned, diags).await?;
        match prior {
            None => apply::create(context, planned, grant, diags).await,
            Some((prior, private)) => {
                let state = apply::update(context, prior, planned, &grant, private, diags).await?;
                Some((state, private.clone()))
            }
        }
    }

    fn release(
        context: &Context,
        stored: Stored,
        now: Timestamp,
    ) -> Result<Decision<()>, Diagnostic> {
        Ok(apply::release(context, stored, now))
    }
}

/// The grant of `planned`, and its run; `None` if anything is wrong with it, all of which was reported.
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
