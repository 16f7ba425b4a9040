//! `ephemeral_environment_hold`: nothing happens to one environment, whatever its lifetime says. A hold is never
//! shortened by another, and it is lifted by a person, with `sweeper unhold`.

use ledger::{
    book::Record,
    clock::{Timestamp, rfc3339},
    reason::Reason,
    request::{
        Change,
        hold::{HoldRefusal, hold_environment},
    },
};
use serde::Deserialize;
use tf_provider::{Diagnostic, Diagnostics, value::Value};

use super::{
    arguments,
    update::{Changed, Checked, Request, Target},
};
use crate::{attributes::attributes, context::Context, diag};

attributes! {
    /// Holds one environment, as `sweeper hold` does: nothing is destroyed, whatever its lifetime says. Another hold
    /// never shortens it; `sweeper unhold` lifts it. Needs Terraform 1.14 or later.
    #[derive(Debug, Clone, Deserialize)]
    pub struct HoldEnvironment {
        /// The id or the name of a living environment.
        environment: Required String,
        /// Until when, RFC 3339, for example `2026-03-01T18:00:00Z`. Default: until it is lifted.
        until: Optional String,
        /// Why, in one line. It is recorded with who asked.
        reason: Required String,
    }
}

/// Until when, and why.
pub(super) struct Holding {
    until: Option<Timestamp>,
    reason: Reason,
}

impl Request for HoldEnvironment {
    type Checked = Holding;
    const TARGET: Target = Target::Environment;

    fn name(&self) -> &Value<String> {
        &self.environment
    }

    fn check(&self, diags: &mut Diagnostics) -> Option<Holding> {
        let until = arguments::instant("until", &self.until, diags);
        let reason = arguments::reason(&self.reason, diags);
        Some(Holding {
            until: until?,
            reason: reason?,
        })
    }
}

impl Checked for Holding {
    fn decide(
        &self,
        context: &Context,
        record: &Record,
        now: Timestamp,
    ) -> Result<Change, Diagnostic> {
        let held = match record {
            Record::Environment(environment) => hold_environment(
                environment,
                &context.identity,
                &self.reason,
                self.until,
                now,
            ),
            _ => Err(HoldRefusal::Over),
        };
        held.map_err(|refusal| diag::not_held(&record.subject().to_string(), &refusal))
    }

    fn done(&self, changed: &Changed) -> String {
        let until = self.until.map_or_else(
            || "until it is lifted".to_owned(),
            |until| format!("until {}", rfc3339(until)),
        );
        format!(
            "{} is held {until}: nothing is destroyed, whatever its lifetime says.",
            changed.after.subject()
        )
    }
}
