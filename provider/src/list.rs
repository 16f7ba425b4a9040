//! Lists of what lives in the ledger and could be imported (`terraform query`). One type per file.

use ledger::book::{BookError, Kind, Query, Record};
use ledger::clock::Timestamp;
use tf_provider::{Diagnostics, value::Value};

use crate::{
    context::{Context, Missing},
    diag,
};

mod environments;
mod leases;

pub use environments::ListEnvironments;
pub use leases::ListLeases;

/// Everything of `kind` that lives, and the ledger's now; `None` if the ledger could not answer, which was reported. What
/// is there and cannot be read is a warning: the list is not whole, and says so.
async fn living(
    context: &Context,
    kind: Kind,
    diags: &mut Diagnostics,
) -> Option<(Vec<Record>, Timestamp)> {
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
        return None;
    }
    let outcome = async {
        let book = context.book(Missing::Refuse).await?;
        let query = Query {
            kind,
            name: None,
            live_only: true,
        };
        Ok::<_, BookError>((book.find(&query).await?, book.reading().await?))
    };
    match outcome.await {
        Ok((listing, reading)) => {
            if !listing.unreadable.is_empty() {
                let subjects = listing.unreadable.iter().map(|(subject, _)| subject);
                diags.add_warning(diag::list_with_gaps(subjects));
            }
            let records = listing.records.into_iter();
            Some((records.map(|stored| stored.record).collect(), reading.now))
        }
        Err(error) => {
            diags.add_error(diag::ledger("listing what lives", &error));
            None
        }
    }
}

/// Whether a filter lets `found` pass; one that was not set lets everything pass.
fn passes<T: PartialEq>(filter: &Value<T>, found: Option<&T>) -> bool {
    match filter {
        Value::Value(wanted) => found == Some(wanted),
        Value::Null | Value::Unknown => true,
    }
}
