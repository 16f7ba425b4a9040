//! Read: what the ledger says now. Only an authoritative "gone" from the right ledger drops it from the state.

use ledger::book::{Book, Record};
use tf_provider::{Diagnostics, value::Value};

use super::model::{EnvironmentModel, PrivateModel};
use crate::{
    context::{Context, Missing},
    diag,
};

/// What the ledger knows of `state`: itself, refreshed; or `None` if it is gone, or if an error was reported.
pub(super) async fn read(
    context: &Context,
    state: &EnvironmentModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<(EnvironmentModel, PrivateModel)> {
    let subject = super::subject(state, diags)?;
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let stored = book.get(&subject).await?;
        Ok((stored, book.reading().await?))
    };
    let (stored, reading) = match outcome.await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::ledger("reading the environment", &error));
            return None;
        }
    };
    match stored.map(|stored| stored.record) {
        Some(Record::Environment(environment)) if !environment.is_over() => {
            let private = PrivateModel {
                ledger: Value::Value(reading.ledger),
            };
            Some((
                EnvironmentModel::of_record(&environment, state, reading.now),
                private,
            ))
        }
        // A tombstone is an authority of its own: it is gone.
        Some(_) => None,
        None => {
            let expected = private.ledger.as_ref_option().map_or("", String::as_str);
            if expected != reading.ledger {
                diags.add_error(diag::another_ledger(
                    &subject.to_string(),
                    if expected.is_empty() {
                        "it was created with"
                    } else {
                        expected
                    },
                    &reading.ledger,
                ));
            }
            None
        }
    }
}
