//! Acting on one environment: claimed, looked at again, done, proven, written down. Everything under the claim.
//!
//! Decides nothing, and knows no plan of a whole sweep. What is done is an [`Action`]; how, an [`Act`] knows, one for each
//! kind of action.

use async_trait::async_trait;
use ledger::{book::BookError, plan::Action};

use self::claimed::Claimed;
use crate::{act::destroy::job::Checkpoints, outcome::Outcome};

pub mod acts;
mod backoff;
mod bring_back;
pub mod checkpoints;
pub mod claimed;
mod clis;
pub mod crash_cleanup;
pub mod destroy;
mod destroy_environment;
mod destroy_job;
mod earlier_passes;
pub mod heartbeat;
mod input_values;
pub mod journal;
pub mod journal_entries;
pub mod places;
pub mod push_back;
pub mod slot;

/// One way to act.
#[async_trait]
pub trait Act: Send + Sync {
    /// Does `action` on what is `claimed`, writes down how it ended, and drops the claim with that. Asks `checkpoints`
    /// along the way.
    ///
    /// # Errors
    /// The claim was lost, or the ledger does not answer: how it ended is then not written down.
    async fn run(
        &self,
        claimed: &Claimed,
        action: &Action,
        checkpoints: &dyn Checkpoints,
    ) -> Result<Outcome, BookError>;
}
