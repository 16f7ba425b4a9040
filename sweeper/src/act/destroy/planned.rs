//! What the saved plan of a try would do: read from the plan itself where that is understood, else asked of the CLI.

use terraform::tfplan::{self, PlannedDestroy};

use super::{
    calls::{Calls, Failed, fatal, words},
    failure::{FailureKind, TeardownFailure},
    plan_file::{self, NotUnderstood},
};

/// The most bytes `show -json` may say: 1 GiB, a hundred times what 5,000 objects took.
const MOST_SHOWN: usize = 1 << 30;

impl Calls<'_> {
    /// What the saved plan would do.
    pub(super) async fn planned(&self) -> Result<PlannedDestroy, Failed> {
        match self.native() {
            Ok(plan) => Ok(plan),
            Err(because) => {
                tracing::info!(%because, "what a saved plan would do is asked of the CLI");
                self.shown().await
            }
        }
    }

    fn native(&self) -> Result<PlannedDestroy, NotUnderstood> {
        let engine = &self.job.cli;
        plan_file::known(engine)?;
        let bytes = plan_file::bytes(&self.work.plan())
            .map_err(|error| NotUnderstood(format!("it cannot be read: {error}")))?;
        plan_file::read(&bytes, engine)
    }

    async fn shown(&self) -> Result<PlannedDestroy, Failed> {
        tfplan::read(&self.show().await?).map_err(|error| {
            fatal(TeardownFailure::new(
                FailureKind::PlanFailed,
                error.to_string(),
                "use a CLI this version of the sweeper knows, for example Terraform 1.11",
            ))
        })
    }

    async fn show(&self) -> Result<Vec<u8>, Failed> {
        let mut arguments = words(&["show", "-json"]);
        arguments.push(self.work.plan().into());
        let mut shown = Vec::new();
        let outcome = self
            .prepared(arguments, &mut |piece| {
                if shown.len() + piece.len() <= MOST_SHOWN {
                    shown.extend_from_slice(piece);
                }
            })
            .await?;
        if outcome.success() {
            return Ok(shown);
        }
        Err(self.said_no(FailureKind::PlanFailed, "show", &outcome))
    }
}
