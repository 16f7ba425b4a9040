//! A root module in a folder of its own, and terraform run in it as a person would run it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::process::RunningProcess;
use crate::run::Run;
use crate::world::World;

/// What `plan -detailed-exitcode` answers when nothing would change.
pub const NO_CHANGES: i32 = 0;
/// What `plan -detailed-exitcode` answers when something would change.
pub const CHANGES: i32 = 2;

/// A root module and its state.
#[derive(Debug, Clone)]
pub struct TerraformWorkspace<'world> {
    world: &'world World,
    folder: PathBuf,
    environment: Vec<(String, String)>,
}

impl<'world> TerraformWorkspace<'world> {
    pub(crate) fn new(world: &'world World, folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).expect("making the folder of a workspace");
        Self {
            world,
            folder,
            environment: Vec::new(),
        }
    }

    /// The folder of the root module.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path in it.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// The same workspace with one more environment variable for its commands.
    #[must_use]
    pub fn with_env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Writes a file, and the folders it needs.
    pub fn write(&self, file: &str, text: &str) -> &Self {
        let path = self.path(file);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("making a folder in a workspace");
        }
        std::fs::write(&path, text)
            .unwrap_or_else(|error| panic!("writing {}: {error}", path.display()));
        self
    }

    /// Reads a file.
    #[must_use]
    #[track_caller]
    pub fn read(&self, file: &str) -> String {
        let path = self.path(file);
        std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("reading {}: {error}", path.display()))
    }

    /// Runs terraform with any arguments; colours off.
    #[track_caller]
    pub fn terraform(&self, arguments: &[&str]) -> Run {
        RunningProcess::run(self.command(arguments))
    }

    /// Starts terraform, to be interrupted or killed.
    #[track_caller]
    pub fn spawn(&self, arguments: &[&str]) -> RunningProcess {
        RunningProcess::start(self.command(arguments))
    }

    /// `init`.
    #[track_caller]
    pub fn init(&self) -> Run {
        self.terraform(&["init", "-no-color"])
    }

    /// `validate`.
    #[track_caller]
    pub fn validate(&self) -> Run {
        self.terraform(&["validate", "-no-color"])
    }

    /// `plan -detailed-exitcode`: [`NO_CHANGES`], [`CHANGES`], or 1 for an error.
    #[track_caller]
    pub fn plan(&self) -> Run {
        self.terraform(&["plan", "-detailed-exitcode", "-no-color"])
    }

    /// A plan that must find nothing to do.
    #[track_caller]
    pub fn expect_no_changes(&self) -> Run {
        self.plan().expect_exit(NO_CHANGES)
    }

    /// A plan in full, as `show -json` tells it; `arguments` are added to `plan`.
    #[must_use]
    #[track_caller]
    pub fn plan_json(&self, arguments: &[&str]) -> Value {
        self.terraform(&[&["plan", "-no-color", "-out=.plan"], arguments].concat())
            .expect_success();
        self.terraform(&["show", "-json", ".plan"])
            .expect_success()
            .json()
    }

    /// `apply -auto-approve`.
    #[track_caller]
    pub fn apply(&self) -> Run {
        self.terraform(&["apply", "-auto-approve", "-no-color"])
    }

    /// `apply -auto-approve -json`: the events, in order.
    #[must_use]
    #[track_caller]
    pub fn apply_events(&self) -> Vec<Value> {
        self.terraform(&["apply", "-auto-approve", "-json"])
            .json_lines()
    }

    /// `apply -refresh-only -auto-approve`.
    #[track_caller]
    pub fn refresh(&self) -> Run {
        self.terraform(&["apply", "-refresh-only", "-auto-approve", "-no-color"])
    }

    /// `destroy -auto-approve`.
    #[track_caller]
    pub fn destroy(&self) -> Run {
        self.terraform(&["destroy", "-auto-approve", "-no-color"])
    }

    /// `import ADDRESS ID`.
    #[track_caller]
    pub fn import(&self, address: &str, id: &str) -> Run {
        self.terraform(&["import", "-no-color", address, id])
    }

    /// `show -json`: the state as Terraform tells it to other programs.
    #[must_use]
    #[track_caller]
    pub fn show_json(&self) -> Value {
        self.terraform(&["show", "-json"]).expect_success().json()
    }

    /// `state pull`: the state as the backend holds it, with its lineage and serial.
    #[must_use]
    #[track_caller]
    pub fn state_json(&self) -> Value {
        self.terraform(&["state", "pull"]).expect_success().json()
    }

    /// The attributes of one resource in the state, of the root module or of a module below; `None` where there is none.
    #[must_use]
    #[track_caller]
    pub fn resource(&self, address: &str) -> Option<Value> {
        fn find(module: &Value, address: &str) -> Option<Value> {
            let list = |name: &str| module[name].as_array().map_or(&[][..], Vec::as_slice);
            let here = list("resources")
                .iter()
                .find(|resource| resource["address"] == address);
            here.map(|resource| resource["values"].clone()).or_else(|| {
                list("child_modules")
                    .iter()
                    .find_map(|child| find(child, address))
            })
        }
        find(&self.show_json()["values"]["root_module"], address)
    }

    /// One attribute of a resource that must be in the state.
    ///
    /// # Panics
    /// When the resource is not there.
    #[must_use]
    #[track_caller]
    pub fn attribute(&self, address: &str, name: &str) -> Value {
        let resource = self.resource(address);
        resource
            .unwrap_or_else(|| panic!("{address} is not in the state of {}", self.folder.display()))
            [name]
            .clone()
    }

    /// The addresses of everything in the state, sorted.
    #[must_use]
    #[track_caller]
    pub fn addresses(&self) -> Vec<String> {
        let list = self.terraform(&["state", "list"]);
        let mut addresses: Vec<String> = list.stdout.lines().map(str::to_owned).collect();
        addresses.sort();
        addresses
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.world.command("terraform");
        command
            .current_dir(&self.folder)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .args(arguments);
        command
    }
}
