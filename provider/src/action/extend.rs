//! `ephemeral_environment_extend` and `ttl_lease_extend`: one environment or lease lives longer; never shorter, never
//! past its hard end. The lifetime in the configuration stays as it is.

use ledger::{
    book::Record,
    clock::{Timestamp, rfc3339},
    reason::Reason,
    request::{
        Change,
        extend::{ExtendRefusal, HowLong, extend_environment, extend_lease},
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
    /// Lets one environment live longer, as `sweeper extend` does: never shorter, and never past its hard end. Terraform
    /// sees the new expiry at its next refresh, without a change. Needs Terraform 1.14 or later.
    #[derive(Debug, Clone, Deserialize)]
    pub struct ExtendEnvironment {
        /// The id or the name of a living environment.
        environment: Required String,
        /// By how much, from the expiry, or from now where that is past; for example `4h`. Set this or `until`.
        by: Optional String,
        /// Until when, RFC 3339, for example `2026-03-01T18:00:00Z`. Set this or `by`.
        until: Optional String,
        /// Why, in one line. It is recorded with who asked.
        reason: Required String,
    }
}

attributes! {
    /// Lets one lease live longer, as `sweeper extend` does: never shorter, and never past its `max_ttl`. A lease that
    /// ended is not revived. Needs Terraform 1.14 or later.
    #[derive(Debug, Clone, Deserialize)]
    pub struct ExtendLease {
        /// The id of a lease that is active.
        lease: Required String,
        /// By how much, from the expiry, or from now where that is past; for example `4h`. Set this or `until`.
        by: Optional String,
        /// Until when, RFC 3339, for example `2026-03-01T18:00:00Z`. Set this or `by`.
        until: Optional String,
        /// Why, in one line. It is recorded with who asked.
        reason: Required String,
    }
}

/// How much longer, and why.
pub(super) struct Extension {
    how_long: HowLong,
    reason: Reason,
}

impl Request for ExtendEnvironment {
    type Checked = Extension;
    const TARGET: Target = Target::Environment;

    fn name(&self) -> &Value<String> {
        &self.environment
    }

    fn check(&self, diags: &mut Diagnostics) -> Option<Extension> {
        check(&self.by, &self.until, &self.reason, diags)
    }
}

impl Request for ExtendLease {
    type Checked = Extension;
    const TARGET: Target = Target::Lease;

    fn name(&self) -> &Value<String> {
        &self.lease
    }

    fn check(&self, diags: &mut Diagnostics) -> Option<Extension> {
        check(&self.by, &self.until, &self.reason, diags)
    }
}

fn check(
    by: &Value<String>,
    until: &Value<String>,
    reason: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<Extension> {
    let how_long = arguments::how_long(by, until, diags);
    let reason = arguments::reason(reason, diags);
    Some(Extension {
        how_long: how_long?,
        reason: reason?,
    })
}

impl Checked for Extension {
    fn decide(&self, _: &Context, record: &Record, now: Timestamp) -> Result<Change, Diagnostic> {
        let Self { how_long, reason } = self;
        let (kind, decided) = match record {
            Record::Environment(environment) => (
                "environment",
                extend_environment(environment, how_long, reason, now),
            ),
            Record::Lease(lease) => ("lease", extend_lease(lease, how_long, reason, now)),
            _ => ("environment", Err(ExtendRefusal::Over)),
        };
        let length = match how_long {
            HowLong::By(_) => "by",
            HowLong::Until(_) => "until",
        };
        let name = record.subject().to_string();
        decided.map_err(|refusal| diag::not_extended(kind, length, &name, &refusal))
    }

    fn done(&self, changed: &Changed) -> String {
        format!(
            "{} now expires at {}; it was {}.",
            changed.after.subject(),
            rfc3339(end(&changed.after)),
            rfc3339(end(&changed.before)),
        )
    }
}

fn end(record: &Record) -> Timestamp {
    match record {
        Record::Environment(environment) => environment.expires_at(),
        Record::Lease(lease) => lease.expires_at(),
        _ => Timestamp::MIN_UTC,
    }
}
