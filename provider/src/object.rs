//! What an environment and a lease have in common: each is an object whose record in the ledger is found by its id, read anew and
//! imported. Only an authoritative "gone" from the right ledger drops one from the state.

use async_trait::async_trait;
use ledger::{
    book::{Book, BookError, Record, Stored},
    clock::Timestamp,
    event::Subject,
};
use tf_provider::{Diagnostics, value::Value};

use crate::{
    context::{Context, Missing, silence_is_proof},
    diag::{self, Importable},
    private::PrivateModel,
};

/// A resource with a record of its own, as Terraform sees it.
#[async_trait]
pub(crate) trait Object: Clone + Default + Send + Sync {
    /// How people call one.
    const NOUN: &'static str;
    /// How one is imported.
    const IMPORTABLE: Importable;

    /// The key of its record, as the state has it.
    fn id(&self) -> &Value<String>;

    /// `record` as Terraform sees it, with what only `before` knows; `None` if its life is over. A lapsed lease is not over.
    fn living(record: &Record, before: &Self, now: Timestamp) -> Option<Self>;

    /// The record that a person means by `text`.
    async fn find(book: &dyn Book, text: &str) -> Result<Option<Stored>, BookError>;
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

/// What the ledger knows of `state`: itself, refreshed; or `None` if it is gone, or if an error was reported. While it is
/// not known which ledger to ask, the state stands as it is.
pub(crate) async fn read<O: Object>(
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
pub(crate) async fn import<O: Object>(
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
