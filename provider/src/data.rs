//! The data sources: each looks into the ledger and says what it has. None writes, and none makes a ledger that is not
//! there, because a ledger that is missing says nothing about what it held.
//!
//! What they answer is live: a phase follows from the record and the ledger's clock at the time of the read. A record
//! that cannot be read is never taken for one that is not there.

use std::sync::Arc;

use ledger::{
    book::{BookError, Kind, Ledger, Listing, Query},
    clock::Timestamp,
    id::EnvironmentName,
};
use plugin::Configured;
use tf_provider::{Diagnostics, value::Value};

use crate::{
    context::{Context, Missing},
    diag,
};

pub mod environment;
pub mod environments;
mod facts;
pub mod lease;

pub use environment::EnvironmentSource;
pub use environments::EnvironmentsSource;
pub use lease::LeaseSource;

/// An open ledger, and what its clock says.
struct Sight {
    book: Arc<dyn Ledger>,
    now: Timestamp,
}

/// Opens the ledger to look into it. `doing` says what for, as in `reading the environment`.
async fn look(
    context: &Configured<Context>,
    doing: &str,
    diags: &mut Diagnostics,
) -> Option<Sight> {
    let context = context.require(diags)?;
    if !context.settings.ledger_is_known {
        diags.add_error(diag::ledger_not_known());
        return None;
    }
    let opened = async {
        let book = context.book(Missing::Refuse).await?;
        let now = book.reading().await?.now;
        Ok(Sight { book, now })
    };
    answered(opened.await, doing, diags)
}

/// The answer of the ledger; a failure is reported.
fn answered<T>(answer: Result<T, BookError>, doing: &str, diags: &mut Diagnostics) -> Option<T> {
    answer
        .map_err(|error| diags.add_error(diag::ledger(doing, &error)))
        .ok()
}

impl Sight {
    async fn find(
        &self,
        kind: Kind,
        name: Option<&EnvironmentName>,
        live_only: bool,
    ) -> Result<Listing, BookError> {
        let name = name.cloned();
        self.book
            .find(&Query {
                kind,
                name,
                live_only,
            })
            .await
    }
}

/// Refuses a text that is there and empty: it would select nothing, or everything, and neither was meant.
fn refuse_empty(attribute: &'static str, value: &Value<String>, diags: &mut Diagnostics) {
    if let Value::Value(text) = value
        && text.trim().is_empty()
    {
        diags.add_error(diag::empty_value(attribute));
    }
}
