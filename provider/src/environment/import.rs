//! Import: an environment that lives in the ledger comes into a state, by its id or its name.
//!
//! `triggers` cannot be imported: the ledger does not hold them.

use ledger::book::Record;
use tf_provider::Diagnostics;

use super::{model::EnvironmentModel, private::PrivateModel};
use crate::{
    context::{Context, Missing, environment_by_id_or_name},
    diag,
};

/// The environment with the id or name `id`; `None` if there is none, which was reported.
pub(super) async fn import(
    context: &Context,
    id: &str,
    diags: &mut Diagnostics,
) -> Option<(EnvironmentModel, PrivateModel)> {
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
        return None;
    }
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let stored = environment_by_id_or_name(book.as_ref(), id.trim()).await?;
        Ok((stored, book.reading().await?))
    };
    match outcome.await {
        Err(error) => diags.add_error(diag::ledger("importing the environment", &error)),
        Ok((Some(stored), reading)) => {
            if let Record::Environment(environment) = stored.record {
                let private = PrivateModel::of(&reading);
                let before = EnvironmentModel::default();
                return Some((
                    EnvironmentModel::of_record(&environment, &before, reading.now),
                    private,
                ));
            }
        }
        Ok((None, _)) => diags.add_error(diag::nothing_to_import(
            diag::Importable::Environment,
            id.trim(),
        )),
    }
    None
}
