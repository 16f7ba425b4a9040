//! Read: what the ledger says now. Only an authoritative "gone" from the right ledger drops it from the state.

use ledger::book::Record;
use tf_provider::Diagnostics;

use super::{model::EnvironmentModel, private::PrivateModel};
use crate::{
    context::{Context, silence_is_proof},
    diag,
};

/// What the ledger knows of `state`: itself, refreshed; or `None` if it is gone, or if an error was reported. While it is
/// not known which ledger to ask, the state stands as it is.
pub(super) async fn read(
    context: &Context,
    state: &EnvironmentModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<(EnvironmentModel, PrivateModel)> {
    if !context.settings.ledger_is_known {
        return Some((state.clone(), private.clone()));
    }
    let subject = super::subject(state, diags)?;
    let (stored, reading) = match context.look(&subject).await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::ledger("reading the environment", &error));
            return None;
        }
    };
    match stored.map(|stored| stored.record) {
        Some(Record::Environment(environment)) if !environment.is_over() => {
            let private = PrivateModel::of(&reading);
            Some((
                EnvironmentModel::of_record(&environment, state, reading.now),
                private,
            ))
        }
        // A tombstone is an authority of its own: it is gone.
        Some(_) => None,
        None => {
            if let Err(doubt) = silence_is_proof(&subject, private, &reading) {
                diags.add_error(doubt);
            }
            None
        }
    }
}
