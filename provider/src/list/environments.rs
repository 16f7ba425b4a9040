//! The list of living environments.

use ledger::{
    book::{Kind, Record},
    clock::Timestamp,
    phase::{Phase, phase},
};
use serde::Deserialize;
use tf_provider::{Diagnostics, value::Value};

use super::{Filter, passes};
use crate::{attributes::attributes, diag, environment::EnvironmentModel};

attributes! {
    /// The living environments of the ledger, each of which can be imported. A filter that is left out lets everything
    /// pass. Needs Terraform 1.14 or later.
    #[derive(Debug, Clone, Deserialize)]
    pub struct EnvironmentFilter {
        /// Only those this owner answers for.
        owner: Optional String,
        /// Only those of this team.
        team: Optional String,
        /// Only those in this phase, for example `expiring` or `held`. `active` and `idle` follow from use, which the
        /// ledger does not hold, and are refused.
        phase: Optional String,
        /// Only those whose name begins so, for example `pr-`.
        name_prefix: Optional String,
    }
}

impl Filter for EnvironmentFilter {
    type Object = EnvironmentModel;
    const KIND: Kind = Kind::Environment;

    fn check(&self, diags: &mut Diagnostics) {
        if let Value::Value(text) = &self.phase
            && let Err(error) = Phase::parse_of_living(text)
        {
            diags.add_error(diag::invalid_phase(&error));
        }
    }

    fn pass(&self, record: &Record, now: Timestamp) -> Option<String> {
        let environment = record.environment()?;
        let phase = phase(environment, None, now).as_str().to_owned();
        let prefix = self.name_prefix.as_ref_option();
        let passes = passes(&self.owner, Some(&environment.owner))
            && passes(&self.team, environment.team.as_ref())
            && passes(&self.phase, Some(&phase))
            && prefix.is_none_or(|prefix| environment.name.as_str().starts_with(prefix));
        passes.then(|| {
            format!(
                "{} ({}, generation {})",
                environment.name, environment.owner, environment.generation
            )
        })
    }
}
