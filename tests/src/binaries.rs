//! Where the provider and the sweeper of this build are: beside the test executable, in the same target folder and
//! profile. It never looks on `PATH`, so that an installed release is not tested by mistake.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The two binaries under test.
#[derive(Debug, Clone)]
pub struct Binaries {
    /// The folder both are in, `target/debug` for one.
    pub folder: PathBuf,
    /// `terraform-provider-ephemeral`.
    pub provider: PathBuf,
    /// `sweeper`.
    pub sweeper: PathBuf,
}

impl Binaries {
    /// Finds them.
    ///
    /// # Panics
    /// When one is missing: cargo builds no other crate's binaries for a test, `make test` does.
    #[must_use]
    pub fn find() -> Self {
        let executable = std::env::current_exe().expect("a test knows its own executable");
        // target/PROFILE/deps/it-0123456789abcdef
        let folder = executable
            .ancestors()
            .nth(2)
            .expect("a test executable lies in target/PROFILE/deps")
            .to_path_buf();
        let found = |name: &str| {
            let path = folder.join(name);
            assert!(
                path.is_file(),
                "{} is missing: run `make test`, or `make build` first",
                path.display()
            );
            warn_if_stale(&path);
            path
        };
        Self {
            provider: found("terraform-provider-ephemeral"),
            sweeper: found("sweeper"),
            folder,
        }
    }
}

/// Warns when a source file is newer than the binary made of it. Not a failure: an editor that saves during a run must
/// not break it.
fn warn_if_stale(binary: &Path) {
    let written = |path: &Path| {
        path.metadata()
            .and_then(|metadata| metadata.modified())
            .unwrap_or(SystemTime::UNIX_EPOCH)
    };
    // cargo lists what a binary was made of in a file beside it: `target: source source …`.
    let Ok(list) = std::fs::read_to_string(binary.with_extension("d")) else {
        return;
    };
    let built = written(binary);
    let sources = list
        .split_once(':')
        .map_or("", |(_, sources)| sources)
        .split_whitespace();
    if let Some(newer) = sources
        .map(Path::new)
        .find(|source| built < written(source))
    {
        eprintln!(
            "warning: {} is older than {}: run `make build`",
            binary.display(),
            newer.display()
        );
    }
}
