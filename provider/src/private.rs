//! The private data beside the state of an object, which is never shown: the ledger that holds its record.

use ledger::book::Reading;
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

/// The private data of an environment or a lease.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PrivateModel {
    /// The ledger's own id.
    pub ledger: Value<String>,
}

impl PrivateModel {
    /// The promise of the ledger that gave `reading`.
    #[must_use]
    pub fn of(reading: &Reading) -> Self {
        Self {
            ledger: Value::Value(reading.ledger.clone()),
        }
    }
}
