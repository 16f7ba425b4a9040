//! `plan`.

use crate::{cli::PlanArgs, exit::ExitStatus, failure::Failure, world::World};

/// Shows what a sweep would do.
///
/// # Errors
/// What stopped it.
pub async fn run(_world: &World, _args: &PlanArgs) -> Result<ExitStatus, Failure> {
    Ok(ExitStatus::Unexpected)
}
