//! `ephemeral "ttl_lease"` as Terraform sees it.

use ledger::{
    clock::rfc3339,
    run::{Run, RunToken},
};
use serde::{Deserialize, Serialize};
use tf_provider::value::Value;

use crate::attributes::{StringMap, attributes};

attributes! {
    /// A lease on the run itself. Terraform opens it when a run begins, renews it while the run lives, and closes it;
    /// while it is alive, a sweeper keeps the environment the run works on.
    #[derive(Clone, Default, Serialize, Deserialize)]
    pub struct RunModel {
        /// The id or name of the environment the run works on, besides the one whose state it is. It need not exist yet. A
        /// reference to an `ephemeral_environment` that is managed with this run's token would be a cycle: write the name,
        /// or use the same variable or local value in both places.
        pub environment: Optional String,
        /// How long the last sign of life counts, from `5s` to `1h`. Terraform gives one at every third of it. Default:
        /// `2m`.
        pub ttl: OptionalComputed String,
        /// Anything to be remembered of the run, for example the step of a pipeline. Recorded as it stands, so never a
        /// secret.
        pub labels: Optional StringMap,
        /// The run's id, the key of its record in the ledger.
        pub id: Computed String,
        /// What `run_token` in a provider block takes. It is valid while the run lives, and the ledger keeps only its hash.
        pub token: Computed String; sensitive,
        /// When the run would count as dead if it were never renewed, RFC 3339.
        pub expires_at: Computed String,
    }
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
