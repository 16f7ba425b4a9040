//! `apply`.

use crate::{cli::ApplyArgs, exit::ExitStatus, failure::Failure, world::World};

/// Does what a plan says.
///
/// # Errors
/// What stopped it.
pub async fn run(_world: &World, _args: &ApplyArgs) -> Result<ExitStatus, Failure> {
    Ok(ExitStatus::Unexpected)
}
