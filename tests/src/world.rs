//! A world of a test's own: a temporary folder with a ledger, a home, an installation of the provider, and an
//! environment that holds nothing of the machine's but `PATH`. Workspaces and sweepers of one world share the ledger.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::binaries::Binaries;
use crate::process::RunningProcess;
use crate::repository;
use crate::sweeper::Sweeper;
use crate::terraform::terraform;
use crate::workspace::TerraformWorkspace;

/// Everything a test needs; gone when it is dropped.
#[derive(Debug)]
pub struct World {
    root: TempDir,
    cli_configuration: PathBuf,
}

impl World {
    /// A world in which terraform uses the built provider by `dev_overrides`: no `init` is needed where nothing else is
    /// installed, and each command warns that overrides are in effect. `init` works all the same.
    #[must_use]
    pub fn new() -> Self {
        Self::with_installation(&[])
    }

    /// A world in which `init` installs the provider from a mirror and locks it, as users have it. `init` comes first.
    #[must_use]
    pub fn installed() -> Self {
        Self::with_installation(&["plain"])
    }

    fn with_installation(flags: &[&str]) -> Self {
        let root = tempfile::Builder::new()
            .prefix("eph-")
            .tempdir()
            .expect("making the folder of a world");
        let binaries = Binaries::find();
        for folder in ["bin", "home", "tmp", "workspaces"] {
            std::fs::create_dir(root.path().join(folder)).expect("making a folder of a world");
        }
        for (name, target) in [("terraform", terraform()), ("sweeper", binaries.sweeper)] {
            std::os::unix::fs::symlink(target, root.path().join("bin").join(name))
                .expect("linking a command");
        }
        let mut install = Command::new(repository::root().join("scripts/install-provider"));
        install
            .arg(binaries.folder)
            .arg(root.path().join("installation"))
            .args(flags);
        let installed = RunningProcess::run(install).expect_success();
        Self {
            cli_configuration: PathBuf::from(installed.stdout.trim()),
            root,
        }
    }

    /// The world's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The file of the ledger, which the first command that needs it makes.
    #[must_use]
    pub fn ledger_file(&self) -> PathBuf {
        self.root().join("ledger.db")
    }

    /// The address of the ledger, as `EPHEMERAL_LEDGER` names it in every command of this world.
    #[must_use]
    pub fn ledger_address(&self) -> String {
        format!("sqlite://{}", self.ledger_file().display())
    }

    /// A folder for a root module, made on first use. The same name is the same folder.
    #[must_use]
    pub fn workspace(&self, name: &str) -> TerraformWorkspace<'_> {
        TerraformWorkspace::new(self, self.root().join("workspaces").join(name))
    }

    /// The sweeper of this world.
    #[must_use]
    pub fn sweeper(&self) -> Sweeper<'_> {
        self.sweeper_on("sweeper-host")
    }

    /// A sweeper as another host runs it: the same ledger, its own state and configuration.
    #[must_use]
    pub fn sweeper_on(&self, host: &str) -> Sweeper<'_> {
        Sweeper::new(self, self.root().join(host))
    }

    /// A command in this world: `terraform`, `sweeper` or anything on `PATH`. Its environment is made here and nothing
    /// is inherited, so neither a developer's `TF_…` and `EPHEMERAL_…` nor a CI's variables reach a test.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let home = self.root().join("home");
        let bin = self.root().join("bin");
        let own = bin.join(program);
        let mut command = Command::new(if own.is_file() {
            own
        } else {
            PathBuf::from(program)
        });
        let machine_path = std::env::var("PATH").unwrap_or_default();
        command
            .current_dir(self.root())
            .env_clear()
            .env("PATH", format!("{}:{machine_path}", bin.display()))
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_STATE_HOME", home.join(".local/state"))
            .env("XDG_DATA_HOME", home.join(".local/share"))
            .env("XDG_CACHE_HOME", home.join(".cache"))
            .env("TMPDIR", self.root().join("tmp"))
            .env("USER", "tester")
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("TF_CLI_CONFIG_FILE", &self.cli_configuration)
            .env("TF_INPUT", "0")
            .env("CHECKPOINT_DISABLE", "1")
            .env("EPHEMERAL_LEDGER", self.ledger_address());
        command
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}
