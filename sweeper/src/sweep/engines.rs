//! The CLIs of one sweep: each is asked for its version once, at first need.

use std::path::Path;

use tokio::sync::OnceCell;

use crate::{
    teardown::engine::{Engine, EngineKind},
    world::World,
};

/// What was found out about each CLI.
#[derive(Debug, Default)]
pub struct Engines {
    terraform: OnceCell<Result<Engine, String>>,
    tofu: OnceCell<Result<Engine, String>>,
}

impl Engines {
    /// The CLI of `kind`.
    ///
    /// # Errors
    /// Why it cannot be used, with what to do.
    pub async fn get(&self, world: &World, kind: EngineKind) -> Result<Engine, String> {
        let (cell, path): (_, &Path) = match kind {
            EngineKind::Terraform => (&self.terraform, &world.config.terraform),
            EngineKind::Tofu => (&self.tofu, &world.config.tofu),
        };
        let probed = cell.get_or_init(|| async {
            Engine::probe(kind, path, world.around.variables.clone())
                .await
                .map_err(|error| error.to_string())
        });
        probed.await.clone()
    }
}
