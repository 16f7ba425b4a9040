//! Read and import of a lease. A lapsed lease stays in the state, inactive; only an authoritative "gone" drops it.

use ledger::{book::Record, event::Subject};
use tf_provider::Diagnostics;

use super::model::LeaseModel;
use crate::{
    context::{Context, Missing, silence_is_proof},
    diag,
    environment::PrivateModel,
};

/// What the ledger knows of `state`; `None` if it is gone, or if an error was reported. While it is not known which ledger
/// to ask, the state stands as it is.
pub(super) async fn read(
    context: &Context,
    state: &LeaseModel,
    private: &PrivateModel,
    diags: &mut Diagnostics,
) -> Option<(LeaseModel, PrivateModel)> {
    if !context.settings.ledger_is_known {
        return Some((state.clone(), private.clone()));
    }
    let subject = super::subject(state, diags)?;
    let (stored, reading) = match context.look(&subject).await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::ledger("reading the lease", &error));
            return None;
        }
    };
    match stored.map(|stored| stored.record) {
        Some(Record::Lease(lease)) if lease.released.is_none() => {
            let private = PrivateModel::of(&reading);
            Some((LeaseModel::of_record(&lease, state, reading.now), private))
        }
        Some(_) => None,
        None => {
            if let Err(doubt) = silence_is_proof(&subject, private, &reading) {
                diags.add_error(doubt);
            }
            None
        }
    }
}

/// The lease with the id `id`; `None` if there is none, which was reported.
pub(super) async fn import(
    context: &Context,
    id: &str,
    diags: &mut Diagnostics,
) -> Option<(LeaseModel, PrivateModel)> {
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
        return None;
    }
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let stored = match Subject::parse(id.trim()) {
            Some(subject @ Subject::Lease(_)) => book.get(&subject).await?,
            _ => None,
        };
        Ok((stored, book.reading().await?))
    };
    let (stored, reading) = match outcome.await {
        Ok(answer) => answer,
        Err(error) => {
            diags.add_error(diag::ledger("importing the lease", &error));
            return None;
        }
    };
    match stored.map(|stored| stored.record) {
        Some(Record::Lease(lease)) if lease.released.is_none() => {
            let private = PrivateModel::of(&reading);
            let before = LeaseModel::default();
            Some((LeaseModel::of_record(&lease, &before, reading.now), private))
        }
        _ => {
            diags.add_error(diag::nothing_to_import(diag::Importable::Lease, id.trim()));
            None
        }
    }
}
