//! The CLIs of one sweep: each is asked for its version once, at first need.

use std::{collections::BTreeMap, ffi::OsString, path::Path};

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
            Cli::probe(kind, path, told(&world.invocation.variables))
                .await
                .map_err(|error| error.to_string())
        });
        probed.await.clone()
    }
}

/// The variables a CLI is asked for its version with. What the operator's shell says to its own calls (`TF_CLI_ARGS`,
/// `TF_LOG`) is not for this one: an argument that `version` does not know would make every teardown fail.
fn told(variables: &BTreeMap<OsString, OsString>) -> BTreeMap<OsString, OsString> {
    let is_for_calls = |name: &OsString| name.to_string_lossy().starts_with("TF_");
    let mut told = variables.clone();
    told.retain(|name, _| !is_for_calls(name));
    told
}
