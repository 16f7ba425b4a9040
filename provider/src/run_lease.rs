//! `ephemeral "ttl_lease"`: the run-liveness lease. Terraform opens it when a run begins to need it, renews it while the
//! run lives, and closes it. One verb per file.
//!
//! The leases that are open in this process are kept here too, because after Ctrl-C no client closes anything.

use async_trait::async_trait;
use ledger::{clock::Timestamp, id::RunId, ttl::Ttl};
use plugin::{Configured, EphemeralResource, Opened, Renewed};
use serde::{Deserialize, Serialize};
use tf_provider::{Diagnostics, schema::Schema};

use crate::{attributes::Attributes as _, context::Context};

pub mod admit;
pub mod ci_job;
mod close;
mod interrupt;
pub mod model;
mod open;
mod opened;
mod renew;
mod update;
mod validate;

pub use model::RunModel;
pub use opened::OpenRuns;

/// The private data from the opening to the close. The token is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunPrivate {
    /// The run's id.
    pub run: String,
    /// Its ttl, as it was typed: what is renewed must not depend on a ledger that does not answer for a while.
    pub ttl: String,
}

/// The ephemeral resource, before and after the provider is configured.
#[derive(Debug, Clone)]
pub struct RunResource {
    context: Configured<Context>,
    open: OpenRuns,
}

impl RunResource {
    /// A resource that works with what `context` will hold, and tells `open` what is open.
    #[must_use]
    pub fn new(context: Configured<Context>, open: OpenRuns) -> Self {
        Self { context, open }
    }
}

#[async_trait]
impl EphemeralResource for RunResource {
    type Config = RunModel;
    type Result = RunModel;
    type Private = RunPrivate;

    fn schema(&self) -> Schema {
        RunModel::schema()
    }

    async fn validate(&self, diags: &mut Diagnostics, config: RunModel) {
        let _ = validate::validate(&config, diags);
    }

    async fn open(
        &self,
        diags: &mut Diagnostics,
        config: RunModel,
    ) -> Option<Opened<RunModel, RunPrivate>> {
        let context = self.context.require(diags)?;
        let (run, token) = open::open(&context, &config, diags).await?;
        self.open.add(&run, context);
        Some(Opened {
            private: RunPrivate {
                run: run.id.to_string(),
                ttl: run.ttl.spelling().to_owned(),
            },
            renew_at: Some(renew::next(&run.ttl)),
            result: RunModel::of_record(&run, &token, config),
        })
    }

    async fn renew(
        &self,
        diags: &mut Diagnostics,
        private: RunPrivate,
    ) -> Option<Renewed<RunPrivate>> {
        let context = self.context.require(diags)?;
        let renew_at = renew::renew(&context, &private, diags).await?;
        Some(Renewed {
            private,
            renew_at: Some(renew_at),
        })
    }

    async fn close(&self, diags: &mut Diagnostics, private: RunPrivate) {
        let Some(context) = self.context.require(diags) else {
            return;
        };
        let Some(id) = private.id(diags) else {
            return;
        };
        self.open.remove(&id);
        close::close(&context, &id, diags).await;
    }
}

impl RunPrivate {
    /// The run's id; `None` if this was not made by an opening, which was reported.
    fn id(&self, diags: &mut Diagnostics) -> Option<RunId> {
        let id = RunId::parse(&self.run).ok();
        if id.is_none() {
            diags.add_error(crate::diag::run_lost(None));
        }
        id
    }

    /// The ttl; `None` if this was not made by an opening, which was reported.
    fn ttl(&self, diags: &mut Diagnostics) -> Option<Ttl> {
        let ttl = Ttl::parse(&self.ttl).ok();
        if ttl.is_none() {
            diags.add_error(crate::diag::run_lost(None));
        }
        ttl
    }
}

/// The host's clock, which the client goes by when it is told when to renew. Nothing is decided by it.
fn host_now() -> Timestamp {
    use ledger::clock::{Clock, SystemClock};
    SystemClock.now()
}
