//! `ephemeral_environment_hold`: nothing happens to one environment, whatever its lifetime says. A hold is never
//! shortened by another, and it is lifted by a person, with `sweeper unhold`.

use async_trait::async_trait;
use ledger::{
    book::Record,
    clock::rfc3339,
    request::hold::{HoldRefusal, hold_environment},
};
use plugin::{Action, Configured, Progress};
use serde::Deserialize;
use tf_provider::{
    Diagnostics,
    schema::{
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

/// Holds an environment.
#[derive(Debug)]
pub struct HoldEnvironment(pub Configured<Context>);

/// The arguments of [`HoldEnvironment`].
#[derive(Debug, Clone, Deserialize)]
pub struct Arguments {
    /// Required.
    pub environment: Value<String>,
    /// Optional.
    pub until: Value<String>,
    /// Required.
    pub reason: Value<String>,
}

#[async_trait]
impl Action for HoldEnvironment {
    type Config = Arguments;

    fn schema(&self) -> Schema {
        schema(
            "Holds one environment, as `sweeper hold` does: nothing is destroyed, whatever its lifetime says. Another hold \
             never shortens it; `sweeper unhold` lifts it. Needs Terraform 1.14 or later.",
            [
                (
                    "environment",
                    attribute(
                        Text,
                        Required,
                        "The id or the name of a living environment.",
                    ),
                ),
                (
                    "until",
                    attribute(
                        Text,
                        Optional,
                        "Until when, RFC 3339, for example `2026-03-01T18:00:00Z`. Default: until it is lifted.",
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
            ],
        )
    }

    async fn validate(&self, diags: &mut Diagnostics, config: Arguments) {
        let _ = arguments::name("environment", &config.environment, diags);
        let _ = arguments::instant("until", &config.until, diags);
        let _ = arguments::reason(&config.reason, diags);
    }

    async fn invoke(&self, diags: &mut Diagnostics, config: Arguments, progress: &Progress) {
        let name = arguments::name("environment", &config.environment, diags);
        let until = arguments::instant("until", &config.until, diags);
        let reason = arguments::reason(&config.reason, diags);
        let context = usable(&self.0, diags);
        let (Some(name), Some(until), Some(reason), Some(context)) = (name, until, reason, context)
        else {
            return;
        };
        let decide = |record: &Record, now| {
            let held = match record {
                Record::Environment(environment) => {
                    hold_environment(environment, &context.identity, &reason, until, now)
                }
                _ => Err(HoldRefusal::Over),
            };
            held.map_err(|refusal| diag::not_held(&record.subject().to_string(), &refusal))
        };
        let target = Target::Environment(&name);
        let Some(changed) = update(&context, target, decide, diags).await else {
            return;
        };
        if let Record::Environment(environment) = &changed.after {
            let warning = too_late(environment, changed.claim.as_ref(), changed.now);
            diags.warnings.extend(warning);
        }
        let until = until.map_or_else(
            || "until it is lifted".to_owned(),
            |until| format!("until {}", rfc3339(until)),
        );
        progress
            .say(format!(
                "{} is held {until}: nothing is destroyed, whatever its lifetime says.",
                changed.after.subject()
            ))
            .await;
    }
}
