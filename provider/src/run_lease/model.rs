//! `ephemeral "ttl_lease"` as Terraform sees it, field for field as in the schema.

use ledger::{
    clock::rfc3339,
    run::{Run, RunToken},
};
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::config::StringMap;

/// The resource as typed or as opened.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct RunModel {
    /// Optional.
    pub environment: Value<String>,
    /// Optional, computed.
    pub ttl: Value<String>,
    /// Optional.
    pub labels: Value<StringMap>,
    /// Computed.
    pub id: Value<String>,
    /// Computed, sensitive.
    pub token: Value<String>,
    /// Computed.
    pub expires_at: Value<String>,
}

impl RunModel {
    /// `run` as Terraform sees it, with what was typed in `config`.
    #[must_use]
    pub fn of_record(run: &Run, token: &RunToken, config: Self) -> Self {
        Self {
            ttl: Value::Value(run.ttl.spelling().to_owned()),
            id: Value::Value(run.id.to_string()),
            token: Value::Value(token.reveal()),
            expires_at: Value::Value(rfc3339(run.alive_until())),
            ..config
        }
    }
}

/// Without the token, and without what may be sensitive.
impl std::fmt::Debug for RunModel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RunModel")
            .field("environment", &self.environment)
            .field("ttl", &self.ttl)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
