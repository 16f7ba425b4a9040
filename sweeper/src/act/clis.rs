//! The CLIs of one sweep: each is asked for its version once, at first need.

use std::path::Path;

use terraform::cli::{Cli, CliKind};
use tokio::sync::OnceCell;

use crate::world::World;

/// What was found out about each CLI.
#[derive(Debug, Default)]
pub(super) struct Clis {
    terraform: OnceCell<Result<Cli, String>>,
    tofu: OnceCell<Result<Cli, String>>,
}

impl Clis {
    /// The CLI of `kind`.
    ///
    /// # Errors
    /// Why it cannot be used, with what to do.
    pub(super) async fn get(&self, world: &World, kind: CliKind) -> Result<Cli, String> {
        let (cell, path): (_, &Path) = match kind {
            CliKind::Terraform => (&self.terraform, &world.config.terraform),
            CliKind::Tofu => (&self.tofu, &world.config.tofu),
        };
        let probed = cell.get_or_init(|| async {
            Cli::probe(kind, path, world.invocation.variables.clone())
                .await
                .map_err(|error| error.to_string())
        });
        probed.await.clone()
    }
}
