//! The list of leases that were not given back.

use ledger::{
    book::{Kind, Record},
    clock::Timestamp,
};
use serde::Deserialize;

use super::{Filter, passes};
use crate::{attributes::attributes, lease::LeaseModel};

attributes! {
    /// The leases of the ledger that were not given back, each of which can be imported. A filter that is left out lets
    /// everything pass. Needs Terraform 1.14 or later.
    #[derive(Debug, Clone, Deserialize)]
    pub struct LeaseFilter {
        /// Only those this holder uses.
        holder: Optional String,
        /// Only those of this environment, by the id or name that their configuration gives.
        environment: Optional String,
        /// Only those that hold (`true`), or only those that lapsed (`false`).
        active: Optional bool,
    }
}

impl Filter for LeaseFilter {
    type Object = LeaseModel;
    const KIND: Kind = Kind::Lease;

    fn pass(&self, record: &Record, now: Timestamp) -> Option<String> {
        let Record::Lease(lease) = record else {
            return None;
        };
        let passes = passes(&self.holder, Some(&lease.holder))
            && passes(&self.environment, lease.environment.as_ref())
            && passes(&self.active, Some(&lease.is_active(now)));
        let targets = if lease.targets.is_empty() {
            String::new()
        } else {
            format!(" for {}", lease.targets.join(", "))
        };
        passes.then(|| format!("{}{targets}, {}", lease.holder, lease.id))
    }
}
