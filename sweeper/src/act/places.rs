//! Where this sweeper works: the directories of teardowns, and where states are kept that could not be saved.

use std::path::PathBuf;

use terraform::work_dir::{self, Places};

use crate::{config::Config, rescue::kept_state::Keeper, world::World};

/// Where teardowns work.
#[must_use]
pub fn of(world: &World) -> Places {
    // As every program here takes it.
    let chosen = world.invocation.variable("TMPDIR");
    let temporary = chosen.map_or_else(|| PathBuf::from("/tmp"), PathBuf::from);
    let configured = world.config.work_dir.clone();
    Places {
        work_base: configured.unwrap_or_else(|| work_dir::default_base(&temporary)),
        temporary,
    }
}

/// Where states are kept.
#[must_use]
pub fn keeper(config: &Config) -> Keeper {
    Keeper {
        directory: config.keep_dir.clone(),
        key_file: config.seal_key.clone(),
    }
}
