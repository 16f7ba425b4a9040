//! Which terraform or tofu the tests drive. The same order as `scripts/setup` and `scripts/find-terraform`.

use std::path::{Path, PathBuf};

use crate::repository;

/// The terraform or tofu to test with: `TERRAFORM`, then `.tools/bin/terraform`, then `terraform` and `tofu` on `PATH`.
///
/// # Panics
/// When there is none.
#[must_use]
pub fn terraform() -> PathBuf {
    std::env::var_os("TERRAFORM")
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
        .into_iter()
        .chain([
            repository::root().join(".tools/bin/terraform"),
            "terraform".into(),
            "tofu".into(),
        ])
        .find_map(|candidate| on_path(&candidate))
        .expect("no terraform or tofu found: run `scripts/setup`, or set TERRAFORM")
}

/// The file a command name stands for; a name with a `/` stands for itself.
fn on_path(command: &Path) -> Option<PathBuf> {
    if 1 < command.components().count() {
        return command.is_file().then(|| command.to_path_buf());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(command))
        .find(|file| file.is_file())
}
