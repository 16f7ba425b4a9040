//! The sweeper as a person or a timer runs it, against the ledger of its world.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::process::RunningProcess;
use crate::run::Run;
use crate::world::World;

/// A sweeper on one host: its state and configuration are its own, the ledger is the world's.
#[derive(Debug, Clone)]
pub struct Sweeper<'world> {
    world: &'world World,
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

impl<'world> Sweeper<'world> {
    pub(crate) fn new(world: &'world World, folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).expect("making the folder of a sweeper");
        Self {
            world,
            folder,
            environment: Vec::new(),
        }
    }

    /// The folder it runs in; `config/` and `state/` in it are its `XDG_CONFIG_HOME` and `XDG_STATE_HOME`.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same sweeper with one more environment variable.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Run {
        RunningProcess::run(self.command(arguments))
    }

    /// Runs it with `--json` and returns what it printed, whatever its exit code.
    ///
    /// # Panics
    /// When that is not JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["--json"]].concat()).json()
    }

    /// Starts it, to be interrupted or killed.
    #[track_caller]
    pub fn spawn(&self, arguments: &[&str]) -> RunningProcess {
        RunningProcess::start(self.command(arguments))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command("sweeper");
        command
            .current_dir(&self.folder)
            .env("XDG_CONFIG_HOME", self.folder.join("config"))
            .env("XDG_STATE_HOME", self.folder.join("state"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .args(arguments);
        command
    }
}
