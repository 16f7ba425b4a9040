//! `ephemeral_environment_extend` and `ttl_lease_extend`: one environment or lease lives longer; never shorter, never
//! past its hard end. The lifetime in the configuration stays as it is.

use async_trait::async_trait;
use ledger::{
    book::Record,
    clock::{Timestamp, rfc3339},
    reason::Reason,
    request::{
        Change,
        extend::{ExtendRefusal, HowLong, extend_environment, extend_lease},
    },
};
use plugin::{Action, Configured, Progress};
use serde::Deserialize;
use tf_provider::{
    Diagnostic, Diagnostics,
    schema::{
        Attribute,
        AttributeConstraint::{Optional, Required},
        AttributeType::String as Text,
        Schema,
    },
    value::Value,
};

use super::{
    arguments,
    update::{Target, too_late, update, usable},
};
use crate::{
    config::{attribute, schema},
    context::Context,
    diag,
};

/// Extends an environment.
#[derive(Debug)]
pub struct ExtendEnvironment(pub Configured<Context>);

/// Extends a lease.
#[derive(Debug)]
pub struct ExtendLease(pub Configured<Context>);

/// The arguments of [`ExtendEnvironment`].
#[derive(Debug, Clone, Deserialize)]
pub struct EnvironmentArguments {
    /// Required.
    pub environment: Value<String>,
    /// This or `until`.
    pub by: Value<String>,
    /// This or `by`.
    pub until: Value<String>,
    /// Required.
    pub reason: Value<String>,
}

/// The arguments of [`ExtendLease`].
#[derive(Debug, Clone, Deserialize)]
pub struct LeaseArguments {
    /// Required.
    pub lease: Value<String>,
    /// This or `until`.
    pub by: Value<String>,
    /// This or `by`.
    pub until: Value<String>,
    /// Required.
    pub reason: Value<String>,
}

fn shared_attributes() -> [(&'static str, Attribute); 3] {
    [
        (
            "by",
            attribute(
                Text,
                Optional,
                "By how much, from the expiry, or from now where that is past; for example `4h`. Set this or `until`.",
            ),
        ),
        (
            "until",
            attribute(
                Text,
                Optional,
                "Until when, RFC 3339, for example `2026-03-01T18:00:00Z`. Set this or `by`.",
            ),
        ),
        (
            "reason",
            attribute(
                Text,
                Required,
                "Why, in one line, for everybody who asks later. It is recorded with who asked.",
            ),
        ),
    ]
}

#[async_trait]
impl Action for ExtendEnvironment {
    type Config = EnvironmentArguments;

    fn schema(&self) -> Schema {
        let [by, until, reason] = shared_attributes();
        let environment = attribute(
            Text,
            Required,
            "The id or the name of a living environment.",
        );
        schema(
            "Lets one environment live longer, as `sweeper extend` does: never shorter, and never past its hard end. \
             Terraform sees the new expiry at its next refresh, without a change. Needs Terraform 1.14 or later.",
            [("environment", environment), by, until, reason],
        )
    }

    async fn validate(&self, diags: &mut Diagnostics, config: EnvironmentArguments) {
        let _ = arguments::name("environment", &config.environment, diags);
        let _ = arguments::how_long(&config.by, &config.until, diags);
        let _ = arguments::reason(&config.reason, diags);
    }

    async fn invoke(
        &self,
        diags: &mut Diagnostics,
        config: EnvironmentArguments,
        progress: &Progress,
    ) {
        let name = arguments::name("environment", &config.environment, diags);
        let asked = asked(&config.by, &config.until, &config.reason, diags);
        let context = usable(&self.0, diags);
        if let (Some(name), Some(asked), Some(context)) = (name, asked, context) {
            extend(
                &context,
                Target::Environment(&name),
                &asked,
                diags,
                progress,
            )
            .await;
        }
    }
}

#[async_trait]
impl Action for ExtendLease {
    type Config = LeaseArguments;

    fn schema(&self) -> Schema {
        let [by, until, reason] = shared_attributes();
        schema(
            "Lets one lease live longer, as `sweeper extend` does: never shorter, and never past its `max_ttl`. A lease \
             that ended is not revived. Needs Terraform 1.14 or later.",
            [
                (
                    "lease",
                    attribute(Text, Required, "The id of a lease that is active."),
                ),
                by,
                until,
                reason,
            ],
        )
    }

    async fn validate(&self, diags: &mut Diagnostics, config: LeaseArguments) {
        let _ = arguments::name("lease", &config.lease, diags);
        let _ = arguments::how_long(&config.by, &config.until, diags);
        let _ = arguments::reason(&config.reason, diags);
    }

    async fn invoke(&self, diags: &mut Diagnostics, config: LeaseArguments, progress: &Progress) {
        let id = arguments::name("lease", &config.lease, diags);
        let asked = asked(&config.by, &config.until, &config.reason, diags);
        let context = usable(&self.0, diags);
        if let (Some(id), Some(asked), Some(context)) = (id, asked, context) {
            extend(&context, Target::Lease(&id), &asked, diags, progress).await;
        }
    }
}

struct Asked {
    how_long: HowLong,
    reason: Reason,
}

fn asked(
    by: &Value<String>,
    until: &Value<String>,
    reason: &Value<String>,
    diags: &mut Diagnostics,
) -> Option<Asked> {
    let how_long = arguments::how_long(by, until, diags);
    let reason = arguments::reason(reason, diags);
    Some(Asked {
        how_long: how_long?,
        reason: reason?,
    })
}

async fn extend(
    context: &Context,
    target: Target<'_>,
    asked: &Asked,
    diags: &mut Diagnostics,
    progress: &Progress,
) {
    let decide = |record: &Record, now| decide(record, asked, now);
    let Some(changed) = update(context, target, decide, diags).await else {
        return;
    };
    if let Record::Environment(environment) = &changed.after {
        let warning = too_late(environment, changed.claim.as_ref(), changed.now);
        diags.warnings.extend(warning);
    }
    progress
        .say(format!(
            "{} now expires at {}; it was {}.",
            changed.after.subject(),
            rfc3339(end(&changed.after)),
            rfc3339(end(&changed.before)),
        ))
        .await;
}

fn decide(record: &Record, asked: &Asked, now: Timestamp) -> Result<Change, Diagnostic> {
    let kind = match record {
        Record::Lease(_) => "lease",
        _ => "environment",
    };
    let length = match asked.how_long {
        HowLong::By(_) => "by",
        HowLong::Until(_) => "until",
    };
    let decided = match record {
        Record::Environment(environment) => {
            extend_environment(environment, &asked.how_long, &asked.reason, now)
        }
        Record::Lease(lease) => extend_lease(lease, &asked.how_long, &asked.reason, now),
        _ => Err(ExtendRefusal::Over),
    };
    let name = record.subject().to_string();
    decided.map_err(|refusal| diag::not_extended(kind, length, &name, &refusal))
}

fn end(record: &Record) -> Timestamp {
    match record {
        Record::Environment(environment) => environment.expires_at(),
        Record::Lease(lease) => lease.expires_at(),
        _ => Timestamp::MIN_UTC,
    }
}
