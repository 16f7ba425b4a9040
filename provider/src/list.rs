//! Lists of what lives in the ledger and could be imported (`terraform query`). One type per file.

use std::marker::PhantomData;

use async_trait::async_trait;
use ledger::book::{BookError, Kind, Query, Record};
use ledger::clock::Timestamp;
use plugin::{Configured, ListResource, Listed, ObjectIdentity, Wanted};
use serde::de::DeserializeOwned;
use tf_provider::{Diagnostics, schema::Schema, value::Value};

use crate::{
    attributes::Attributes,
    context::{Context, Missing},
    diag,
    object::Object,
};

mod environments;
mod leases;

pub use environments::EnvironmentFilter;
pub use leases::LeaseFilter;

/// A filter, as typed.
pub(crate) trait Filter: Attributes + DeserializeOwned + Send + Sync + 'static {
    /// The type of the listed objects.
    type Object: Object;
    /// The records of it.
    const KIND: Kind;

    /// Reports what is wrong with the filter.
    fn check(&self, _diags: &mut Diagnostics) {}

    /// The display name of `record`; `None` if it does not pass.
    fn pass(&self, record: &Record, now: Timestamp) -> Option<String>;
}

/// The list of what passes `F`.
pub(crate) struct List<F> {
    context: Configured<Context>,
    filter: PhantomData<fn() -> F>,
}

impl<F> List<F> {
    /// A list that works with what `context` will hold.
    #[must_use]
    pub(crate) fn new(context: Configured<Context>) -> Self {
        Self {
            context,
            filter: PhantomData,
        }
    }
}

#[async_trait]
impl<F: Filter> ListResource for List<F> {
    type Config = F;
    type State = F::Object;

    fn schema(&self) -> Schema {
        F::schema()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: F) {
        config.check(diags);
    }

    async fn list(
        &self,
        diags: &mut Diagnostics,
        config: F,
        wanted: Wanted,
    ) -> Option<Vec<Listed<F::Object>>> {
        let context = self.context.require(diags)?;
        let (records, now) = living(&context, F::KIND, diags).await?;
        let listed = records.iter().filter_map(|record| {
            Some(Listed {
                display_name: config.pass(record, now)?,
                identity: ObjectIdentity::from([("id", record.subject().to_string())]),
                state: wanted
                    .states
                    .then(|| F::Object::living(record, &F::Object::default(), now))
                    .flatten(),
            })
        });
        Some(listed.take(wanted.limit).collect())
    }
}

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
